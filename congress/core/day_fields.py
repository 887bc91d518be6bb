"""Fields of days and times of day, as browsers send them or as people type them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import DateField, TimeField
from wtforms.validators import Optional

from congress.core.forms import OfAnyField


def _read(typed: list[str], field: Any, parse: Callable[[list[str]], None], wrong: Callable[[], str]) -> None:
    """What was typed, without white space around it; sent empty, what was there before is taken out."""
    if not "".join(typed).strip():
        field.data = None if typed else field.data
        return
    try:
        parse([typed[0].strip()])
    except ValueError:
        raise ValueError(OfAnyField(wrong())) from None


def moment_of(day: Any, clock: Any, zone: ZoneInfo, *, is_end: bool = False) -> datetime | None:
    """A moment in a zone, of the fields of a day and of a time. Without a time of day: the beginning of the day, or its end."""
    if day is None:
        return None
    if clock is None:
        return datetime.combine(day + timedelta(days=1) if is_end else day, time(), zone)
    return datetime.combine(day, clock, zone)


class DayField(DateField):
    """A day as browsers send it, or typed as 12.06.2018; with a sentence of ours when there is no such day. May be empty."""

    data: Any

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, [Optional()], format=["%Y-%m-%d", "%d.%m.%Y"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read(valuelist, self, super().process_formdata, lambda: gettext("This day does not exist. Write it as 2018-06-12."))
        if self.data is not None and not 1900 <= self.data.year <= 2199:
            self.data = None
            raise ValueError(OfAnyField(gettext("Check the year. Write the day as 2018-06-12.")))


class ClockField(TimeField):
    """A time of day as browsers send it, or typed as 9:05 or 9.05. May be empty."""

    data: Any

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, [Optional()], format=["%H:%M", "%H.%M", "%H:%M:%S"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read(valuelist, self, super().process_formdata, lambda: gettext("This is no time of day. Write it as 09:30."))
