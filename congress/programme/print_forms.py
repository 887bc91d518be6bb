"""The form that says what is to be printed of the programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from congress.core.forms import BaseForm

Choices = list[tuple[str, str]]


class PrintForm(BaseForm):
    """Day, house or room, draft or release. ``place`` is a house's slug, or ``house/room``; empty: all."""

    day = SelectField(_("Day"), default="")
    place = SelectField(_("House or room"), default="")
    source = SelectField(_("From which programme"))

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
