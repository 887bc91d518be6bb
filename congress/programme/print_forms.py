"""The form that says what is to be printed of the programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, ValidationError

from congress.core.forms import BaseForm, OfAnyField

Choices = list[tuple[str, str]]


class _OfferedField(SelectField):
    """One of what is offered, of which addresses may name something else."""

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(OfAnyField(gettext("This is not offered here. Choose one from the list."))) from None


class PrintForm(BaseForm):
    """Day, house or room, draft or release. ``place`` is a house's slug, or ``house/room``; empty: all."""

    day = _OfferedField(_("Day"), default="")
    place = _OfferedField(_("House or room"), default="")
    source = _OfferedField(_("From which programme"))

    def __init__(self, *args: Any, days: Choices, places: dict[str, Choices], sources: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.day.choices = [("", str(_("all days"))), *days]
        self.place.choices = {str(_("everywhere")): [("", str(_("all houses and rooms")))], **places}
        self.source.choices = sources
        if self.source.data is None:
            self.source.data = sources[0][0]

    @property
    def chosen_day(self) -> date | None:
        return date.fromisoformat(self.day.data) if self.day.data else None

    @property
    def house_and_room(self) -> tuple[str, str]:
        house, _slash, room = (self.place.data or "").partition("/")
        return house, room
