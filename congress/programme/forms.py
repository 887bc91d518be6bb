"""The shape of a placement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, TimeField, ValidationError
from wtforms.validators import Optional

from congress.congresses.models import Congress
from congress.core.forms import BaseForm, LineField, Needed
from congress.core.localised_forms import LocalisedForm
from congress.core.web_addresses import LONGEST_ADDRESS, web_address
from congress.programme import rules
from congress.programme.vocabulary import Timing

TIMING_LABELS = {
    Timing.TIMED: _("at a set time"),
    Timing.ALL_DAY: _("on whole days"),
    Timing.TO_BE_CONFIRMED: _("to be confirmed"),
}


class OurDateField(DateField):
    """A date, with a sentence of ours when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This day does not exist. Write it as 2018-06-12.")) from None


class OurTimeField(TimeField):
    """A time of day, with a sentence of ours when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This is no time of day. Write it as 09:30.")) from None


class WebField(LineField):
    """An address on the web, of https or http, in its normal form."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] | None = None, *, most: int = LONGEST_ADDRESS, **more: Any
    ) -> None:  # fmt: skip
        super().__init__(label, validators, most=most, **more)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        address = web_address(self.data)
        if address is None:
            raise ValidationError(gettext("This is not a web address. Write it as https://live.example/stream."))
        self.data = address
        super().pre_validate(form)  # what is written in other signs is longer in ASCII


class _TitlesForm(LocalisedForm):
    version = HiddenField()
    title_en = LineField(_("Title in English"), [Needed(_("Write the title in English."))], most=300)
    title_pl = LineField(_("Title in Polish"), [Needed(_("Write the title in Polish."))], most=300)


class TimesForm(BaseForm):
    """Time and place of a placement. Times of day are those of the congress's zone."""

    timing = SelectField(_("Time"), validate_choice=False)
    starts_on = OurDateField(
        _("Day, or first day"), [Optional()], description=_("Leave it empty only while the day is to be confirmed.")
    )
    starts_at = OurTimeField(_("Start"), [Optional()], description=_("Needed for an item at a set time."))
    ends_at = OurTimeField(
        _("End"),
        [Optional()],
        description=_("An end earlier than the start falls on the next day. Leave it empty if it is not known."),
    )
    ends_on = OurDateField(_("Last day"), [Optional()], description=_("Only for something that takes whole days."))
    place = SelectField(_("Place"), validate_choice=False, render_kw={"data-searchable": ""})

    def offer(self, places: list[tuple[str, str]]) -> None:
        """Hand in the places by their keys."""
        self.timing.choices = [(timing.value, str(label)) for timing, label in TIMING_LABELS.items()]
        self.place.choices = places

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        if self.timing.data not in set(Timing):
            self.add_error("timing", gettext("Choose one of the possibilities in the list."))
            return False
        if self.timing.data == Timing.TIMED:
            for name in ("starts_on", "starts_at"):
                if self[name].data is None and not self[name].errors:
                    self.add_error(name, gettext("Give a day and a start, or choose “to be confirmed”."))
                    valid = False
        if self.place.data not in dict(self.place.choices or ()):
            self.add_error("place", gettext("Choose one of the places in the list."))
            valid = False
        return bool(valid)

    def instants(self, congress: Congress) -> tuple[datetime, datetime | None] | None:
        """Start and end as instants; None, with an error on the field, in an hour that the clocks skip."""
        day = self.starts_on.data
        found: list[datetime | None] = []
        for name in ("starts_at", "ends_at"):
            clock = self[name].data
            if clock is None:
                found.append(None)
                continue
            later = name == "ends_at" and clock <= self.starts_at.data
            instant = rules.local_instant(day + timedelta(days=1) if later else day, clock.hour, clock.minute, congress.zone)
            if instant is None:
                self.add_error(name, gettext("This time does not exist on that day: the clocks go forward."))
                return None
            found.append(instant)
        starts_at, ends_at = found
        return (starts_at, ends_at) if starts_at else None


class PlacementForm(_TitlesForm, TimesForm):
    """Titles, time and place of a placement, and the links of its item."""

    stream_url = WebField(
        _("Live stream"), description=_("For everybody: the address appears on the page of the item and in public calendars.")
    )
    join_url = WebField(
        _("Online room"),
        description=_("For those who take part: the address appears only in their own programme and calendar, never in public."),
    )
