"""A field of a point on the map, as maps give it to be copied."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext
from wtforms import Field
from wtforms.widgets import TextInput

from congress.core.forms import OfAnyField

_NUMBER = r"([-+]?\d{1,3}(?:[.,]\d+)?)"
_PAIR = re.compile(rf"\s*{_NUMBER}\s*°?\s*(?:;|,\s|\s|,(?=[^,]*$))\s*{_NUMBER}\s*°?\s*", re.ASCII)


class PointField(Field):
    """Latitude and longitude in degrees, “50.04783, 19.93144”; may be empty. What was typed stays when it is refused."""

    widget = TextInput()
    data: tuple[float, float] | None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if valuelist[0].strip():
            self.data = point(valuelist[0])
            if self.data is None:
                raise ValueError(OfAnyField(gettext("Write latitude and longitude in degrees, such as: 50.04783, 19.93144.")))

    def _value(self) -> Any:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else "{}, {}".format(*self.data)


def point(text: str) -> tuple[float, float] | None:
    """The point that a text names, None if it names none on Earth."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = (float(each.replace(",", ".")) for each in found.groups())
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
