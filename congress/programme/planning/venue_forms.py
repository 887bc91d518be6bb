"""The shape of a house."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from congress.core.forms import LineField, Needed, TextField
from congress.core.localised import Localised
from congress.core.localised_forms import LocalisedForm, spread
from congress.core.point_fields import PointField
from congress.programme.imports import LONGEST_DIRECTIONS
from congress.programme.models import Venue
from congress.programme.planning.venues import VenueWords, fingerprint_of_venue, point_of


class VenueForm(LocalisedForm):
    """What a house is called, where it stands and how to get there; its city only where it is new."""

    seen = HiddenField()
    city = SelectField(_("City"))
    name_en = LineField(_("Name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Name in Polish"), [Needed(_("Write the name in Polish."))], most=80)
    address = LineField(
        _("Street and number"), most=200, description=_("As it stands on an envelope, in the language of the city.")
    )
    point = PointField(
        _("Point on the map"),
        description=_(
            "Latitude and longitude as maps give them, such as 50.04783, 19.93144. Leave it empty if you do not know it."
        ),
    )
    directions_en = TextField(_("How to get there, in English"), most=LONGEST_DIRECTIONS)
    directions_pl = TextField(_("How to get there, in Polish"), most=LONGEST_DIRECTIONS)

    def words(self, venue: Venue | None) -> VenueWords:
        """What was entered; texts in languages that are not asked for stay."""
        return VenueWords(
            names=self.texts("name", venue.names if venue else None),
            address=self.address.data or "",
            point=self.point.data,
            directions=self.texts("directions", venue.directions if venue else Localised()),
        )


def shown(venue: Venue) -> dict[str, Any]:
    """What the form shows of a house."""
    return {
        **spread("name", venue.names),
        **spread("directions", venue.directions),
        "address": venue.address,
        "point": point_of(venue),
        "seen": fingerprint_of_venue(venue),
    }
