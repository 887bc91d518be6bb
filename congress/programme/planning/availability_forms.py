"""The shapes of opening hours, of a room, of times of absence and of the way between two houses."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from congress.core.forms import BaseForm, LineField, Needed, NumberField, OfAnyField, TextField
from congress.core.localised_forms import LocalisedForm, spread
from congress.programme import equipment
from congress.programme.models import Room
from congress.programme.planning.availability import RoomWords

_STEP_FREE = {"": None, "yes": True, "no": False}
_AWAY = _("A line each: 2018-06-12 09:00–12:00 and, if you like, why. A day alone is the whole day.")
_LONGEST = 10_000


class HoursForm(BaseForm):
    """When a venue is open."""

    seen = HiddenField()
    hours = TextField(
        _("Opening hours"), most=_LONGEST,
        description=_(
            "A line for each day: 2018-06-12 09:00–18:00, or 2018-06-12 closed. 18:00–02:00 ends on the day after."
            " Of a day without a line nothing is known."
        ),
    )  # fmt: skip


class AbsencesForm(BaseForm):
    """When a speaker is not there."""

    seen = HiddenField()
    away = TextField(_("Not there"), most=_LONGEST, description=_AWAY)


class RoomForm(LocalisedForm):
    """What a room is called, holds and has, and when it cannot be used."""

    seen = HiddenField()
    name_en = LineField(_("Name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Name in Polish"), [Needed(_("Write the name in Polish."))], most=80)
    capacity = NumberField(_("For how many people"), least=1, greatest=100_000)
    equipment = LineField(_("Equipment"), most=1000, description=_("With semicolons between: projector; interpreting booth."))
    step_free = SelectField(_("Without steps"))
    away = TextField(_("Cannot be used"), most=_LONGEST, description=_AWAY)

    def offer(self) -> None:
        self.step_free.choices = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]

    @property
    def words(self) -> RoomWords:
        """What was entered."""
        parts = dict.fromkeys(
            equipment.meant(part.strip()[:80]) for part in (self.equipment.data or "").split(";") if part.strip()
        )
        return RoomWords(
            names=self.texts("name"),
            capacity=self.capacity.data,
            equipment=list(parts),
            step_free=_STEP_FREE[self.step_free.data],
        )


class WayForm(BaseForm):
    """Minutes between the doors of two houses, both ways alike; empty: nobody knows."""

    seen = HiddenField()
    venue = SelectField(_("One house"), validate_choice=False, render_kw={"data-searchable": ""})
    other = SelectField(_("The other house"), validate_choice=False, render_kw={"data-searchable": ""})
    minutes = NumberField(
        _("Minutes from door to door"), greatest=24 * 60,
        description=_("The same both ways, waiting and walking included. Leave it empty to forget what was known."),
    )  # fmt: skip

    def offer(self, venues: dict[str, list[tuple[str, str]]]) -> None:
        """Hand in the houses by their ids, grouped by city."""
        self.venue.choices = self.other.choices = {"": [("", "–")], **venues}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether both houses are offered."""
        valid = bool(super().validate(extra_validators))
        offered = {value for group in self.venue.choices.values() for value, _name in group if value}
        for name in ("venue", "other"):
            if self[name].data not in offered:
                self.add_error(name, OfAnyField(gettext("Choose one of the possibilities in the list.")))
                valid = False
        return valid


def shown(room: Room) -> dict[str, Any]:
    """What the form shows of a room."""
    word = next(word for word, value in _STEP_FREE.items() if value is room.step_free)
    return {
        **spread("name", room.names),
        "capacity": room.capacity,
        "equipment": "; ".join(equipment.all_said(room.equipment)),
        "step_free": word,
    }
