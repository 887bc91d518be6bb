"""When pages of the form are open: for everybody, or for one person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from congress.core.day_fields import ClockField, DayField, moment_of
from congress.core.forms import BaseForm, LineField, Needed
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, STEP_LABELS, Category, Step


def _steps() -> list[tuple[str, str]]:
    return [("", gettext("All pages")), *((step.value, str(STEP_LABELS[step])) for step in Step)]


class WindowForm(BaseForm):
    """From when to when pages are open. Times are those of the congress's zone."""

    step = SelectField(_("Page of the form"), validate_choice=False)
    category = SelectField(_("Role at the congress"), validate_choice=False)
    opens_on = DayField(_("Opens on"), description=_("Leave it empty if it is open from the beginning."))
    opens_time = ClockField(_("At"))
    closes_on = DayField(_("Closes on"), description=_("The whole day is still open, unless you write a time."))
    closes_time = ClockField(_("At"))

    def offer(self, roles: Collection[Category]) -> None:
        """Hand in the choices; ``roles`` are those of the congress."""
        known = [each for each in Category if each in roles or each == self.category.object_data]
        self.category.choices = [
            ("", gettext("All roles")),
            *((each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in known),
        ]
        self.step.choices = _steps()

    def opens_at(self, zone: ZoneInfo) -> datetime | None:
        return moment_of(self.opens_on.data, self.opens_time.data, zone)

    def closes_at(self, zone: ZoneInfo) -> datetime | None:
        return moment_of(self.closes_on.data, self.closes_time.data, zone, is_end=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        zone = ZoneInfo("UTC")
        opens, closes = self.opens_at(zone), self.closes_at(zone)
        for name, allowed in (("category", Category), ("step", Step)):
            if self[name].data and self[name].data not in set(allowed):
                self.add_error(name, gettext("Choose from the list."))
                valid = False
        if opens is None and closes is None and valid:
            self.add_error("closes_on", gettext("Write at least one of the two days."))
            valid = False
        if opens and closes and closes <= opens:
            self.add_error("closes_on", gettext("It would close before it opens. Check both days."))
            valid = False
        return valid


class OpeningForm(BaseForm):
    """A page, or all of them, opened for one person."""

    step = SelectField(_("Page of the form"), validate_choice=False)
    until_on = DayField(_("Open until"), description=_("The whole day is still open, unless you write a time."))
    until_time = ClockField(_("At"))
    why = LineField(_("Reason"), [Needed(_("Write why, for those who look at it later."))], most=300)

    def offer(self) -> None:
        """Hand in the choices."""
        self.step.choices = _steps()

    def until(self, zone: ZoneInfo) -> datetime | None:
        return moment_of(self.until_on.data, self.until_time.data, zone, is_end=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.step.data and self.step.data not in set(Step):
            self.add_error("step", gettext("Choose from the list."))
            valid = False
        if self.until_on.data is None and not self.until_on.errors:
            self.add_error("until_on", gettext("Write until which day."))
            valid = False
        return valid
