"""The shape of a move in the timetable: a day, a start, a length and a place."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from congress.congresses.models import Congress
from congress.core.forms import BaseForm, NumberField
from congress.programme import rules
from congress.programme.forms import OurDateField, OurTimeField


class MoveForm(BaseForm):
    """Where an entry goes. Times of day are those of the congress's zone."""

    version = HiddenField()
    day = OurDateField(_("Day"), [Optional()], description=_("Leave it empty to take the entry off the timetable."))
    starts_at = OurTimeField(_("Start"), [Optional()], description=_("Leave it empty while the time is to be confirmed."))
    minutes = NumberField(
        _("Length in minutes"), least=5, greatest=24 * 60, description=_("Leave it empty if the end is not known.")
    )
    place = SelectField(_("Place"), validate_choice=False, render_kw={"data-searchable": ""})

    def validate(self, extra_validators: object = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.starts_at.data is not None and self.day.data is None and not self.day.errors:
            self.add_error("day", gettext("Give the day, or leave the start empty."))
            valid = False
        if self.place.data not in dict(self.place.choices or ()):
            self.add_error("place", gettext("Choose one of the places in the list."))
            valid = False
        return valid

    def instants(self, congress: Congress) -> tuple[datetime | None, datetime | None]:
        """Start and end; the length is real time, also over a change of the clocks. (None, None) with or without an error on the field."""
        clock = self.starts_at.data
        if clock is None:
            return None, None
        starts_at = rules.local_instant(self.day.data, clock.hour, clock.minute, congress.zone)
        if starts_at is None:
            self.add_error("starts_at", gettext("This time does not exist on that day: the clocks go forward."))
            return None, None
        return starts_at, starts_at + timedelta(minutes=self.minutes.data) if self.minutes.data else None
