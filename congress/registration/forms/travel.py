"""The page of travel and stay, with the data of the invitation letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField

from congress.core.day_fields import ClockField, DayField
from congress.core.forms import BaseForm, LineField
from congress.core.text import first_upper
from congress.registration.form.travel_rules import Problem
from congress.registration.forms.fields import OPTIONAL, ManyField
from congress.registration.vocabulary import ROOM_LABELS, STATION_LABELS

# What the letter needs, each with what is said where it is missing.
LETTER = {
    "passport_name": _("Write the name exactly as in the passport."),
    "born_on": _("Write the date of birth."),
    "nationality": _("Choose the nationality."),
    "passport_number": _("Write the passport number."),
    "passport_expires_on": _("Write until when the passport is valid."),
    "consulate": _("Write the city of the consulate."),
}
_SENTENCES = {
    Problem.LEAVES_BEFORE_ARRIVING: _("The departure is before the arrival. Check both days."),
    Problem.LEAVES_BEFORE_ARRIVING_THAT_DAY: _("You leave on the day you arrive, at an earlier time. Check both times."),
    Problem.NIGHT_BEFORE_ARRIVAL: _("This night is before your arrival."),
    Problem.NIGHT_AFTER_DEPARTURE: _("This night is after your departure."),
    Problem.DAY_OUTSIDE_STAY: _("You tick a day on which you have not arrived yet or have left already."),
    Problem.TOO_FAR: _("This day is far from the congress. Check month and year."),
    Problem.BORN_LATER: _("Check the year of birth."),
    Problem.EXPIRED: _("The passport expires before the congress ends. A visa needs one that is valid longer."),
}


class TravelForm(BaseForm):
    """Travel and stay. Made by ``travel_form``, which adds a field for each night."""

    days = ManyField(_("Days on which you take part"))
    arrival_on = DayField(_("Day of arrival"), description=OPTIONAL)
    arrival_time = ClockField(_("Time of arrival"))
    arrival_at = SelectField(_("Where you arrive"), validate_choice=False)
    arrival_number = LineField(_("Flight or train of arrival"), most=40)
    departure_on = DayField(_("Day of departure"), description=OPTIONAL)
    departure_time = ClockField(_("Time of departure"))
    departure_at = SelectField(_("Where you leave from"), validate_choice=False)
    departure_number = LineField(_("Flight or train of departure"), most=40)
    wants_transfer = BooleanField(_("I would like the transfer between airport or station and hotel"))
    hotel = LineField(
        _("Hotel"), most=200, description=_("The one you have booked or would like. The transfers are planned with it.")
    )
    room = SelectField(_("Room"), validate_choice=False)
    shares_with = LineField(_("Shared with"), most=200, description=_("Only for a twin room: the name of the other person."))
    needs_letter = BooleanField(_("I need an invitation letter for a visa"))
    passport_name = LineField(_("Name exactly as in the passport"), most=200)
    born_on = DayField(_("Date of birth"))
    nationality = SelectField(_("Nationality"), validate_choice=False, render_kw={"data-searchable": ""})
    passport_number = LineField(_("Passport number"), most=40, render_kw={"spellcheck": "false"})
    passport_expires_on = DayField(_("Passport valid until"))
    consulate = LineField(
        _("Consulate"), most=200, description=_("The city of the consulate where you apply for the visa; the letter names it.")
    )

    night_fields: tuple[str, ...] = ()
    has_letter_before = False  # somebody else wrote the data of the letter, which are not shown: empty fields keep them

    def offer(
        self, days: Sequence[tuple[str, str]], hosts: Sequence[tuple[str, str]], countries: Sequence[tuple[str, str]]
    ) -> None:
        """Hand in the congress's days by ISO date, the host cities by slug and the countries by code, each with its name."""
        self.days.choices = list(days)
        unknown = ("", str(_("Not known yet")))
        stations = [unknown, *((each.value, first_upper(str(label))) for each, label in STATION_LABELS.items())]
        self.arrival_at.choices = self.departure_at.choices = stations
        self.room.choices = [unknown, *((each.value, first_upper(str(label))) for each, label in ROOM_LABELS.items())]
        self.nationality.choices = [("", ""), *countries]
        for name in (*self.night_fields, *LETTER):
            self[name].flags.required = True  # always answered; or shown only where it is needed
        for name in self.night_fields:
            self[name].choices = [*hosts, ("", str(_("Elsewhere, or not known yet")))]

    def nights(self) -> dict[str, str]:
        """In which host city each night is spent, by ISO date; nights without a host city are left out."""
        chosen = {name.removeprefix("night_"): self[name].data for name in self.night_fields}
        return {day: city for day, city in chosen.items() if city}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        for name in ("arrival_at", "departure_at", "room", "nationality"):
            if self[name].data and self[name].data not in {value for value, _label in self[name].choices}:
                self.add_error(name, gettext("Choose from the list."))
                valid = False
        missing = [name for name in LETTER if not self[name].data and not self[name].errors]
        if self.needs_letter.data and missing and not (self.has_letter_before and len(missing) == len(LETTER)):
            for name in missing:
                self.add_error(name, str(LETTER[name]))
            valid = False
        return valid

    def tell(self, problems: Iterable[tuple[str, Problem]]) -> None:
        """Put what does not go together on the fields."""
        for name, problem in problems:
            self.add_error(name if name in self else "days", str(_SENTENCES[problem]))


def travel_form(nights: Sequence[date], labels: Sequence[str]) -> type[TravelForm]:
    """The form with a radio row for each night, named ``labels``."""
    rows = {
        f"night_{night.isoformat()}": RadioField(label, default="", invalid_choice_message=_("Choose from the list."))
        for night, label in zip(nights, labels, strict=True)
    }
    return cast(type[TravelForm], type("CongressTravelForm", (TravelForm,), {**rows, "night_fields": tuple(rows)}))
