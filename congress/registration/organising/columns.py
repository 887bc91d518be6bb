"""What lists and files of registrations can show of each person, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from congress.core.text import first_upper
from congress.delegates.vocabulary import PART_LABELS, Category
from congress.networks.vocabulary import FIELD_LABELS
from congress.registration.missing import Missing
from congress.registration.vocabulary import STATE_LABELS, ConsentKind

if TYPE_CHECKING:
    from congress.registration.organising.lists import Listed

CONSENT_WORDS = {
    ConsentKind.PRIVACY: _("use of the data"),
    ConsentKind.PARTICIPANT_LIST: _("list for delegates"),
    ConsentKind.PARTICIPANT_LIST_PUBLIC: _("public list"),
    ConsentKind.PHOTOS: _("photographs"),
    ConsentKind.HOTEL: _("data to the hotel"),
    ConsentKind.NEWSLETTER: _("newsletter"),
}

SENSITIVE_WORDS = {  # what stands in Passport.content and Needs.content
    "name": _("Name in the passport"),
    "born_on": _("Date of birth"),
    "expires_on": _("Passport valid until"),
    "nationality": _("Nationality"),
    "number": _("Number of the passport"),
    "consulate": _("Consulate"),
    "diets": _("Diet"),
    "access": _("Access needs"),
    "allergies": _("Allergies"),
    "access_note": _("About access"),
    "companion_name": _("Companion"),
    "companion_diet": _("Diet of the companion"),
    "emergency_name": _("Emergency contact"),
    "emergency_phone": _("Phone in an emergency"),
}

# In a table a category is one word, and so is what is missing.
CATEGORY_WORDS = {
    Category.DELEGATE: _("delegate"),
    Category.MAYOR: _("mayor"),
    Category.COORDINATOR: _("coordinator"),
    Category.SECRETARIAT: _("Secretariat"),
    Category.HOST_STAFF: _("hosts"),
    Category.SPEAKER: _("speaker"),
    Category.NATIONAL_COMMISSION: _("National Commission"),
    Category.OBSERVER: _("observer"),
    Category.PRESS: _("press"),
    Category.COMPANION: _("companion"),
}
MISSING_WORDS = {
    Missing.TRAVEL: _("travel"),
    Missing.NIGHTS: _("nights"),
    Missing.LETTER: _("passport"),
    Missing.NEEDS: _("needs"),
    Missing.SESSIONS: _("sessions"),
    Missing.CONSENTS: _("consents"),
}
MAIL_WORDS = {  # by template
    "booking_put_in": _("put into a session"),
    "mailing": _("mail to many"),
    "person_invited": _("invitation of the city"),
    "personal_link": _("personal link"),
    "programme_changed": _("changes of the programme"),
    "registration_again": _("registered already"),
    "registration_confirmed": _("confirmation"),
    "registration_moved": _("city corrected"),
    "registration_offer_ended": _("end of the offer"),
    "registration_offered": _("offer of a place"),
    "registration_received": _("registration received"),
    "registration_rejected": _("not accepted"),
    "registration_replaced": _("replacement"),
    "registration_started": _("registration begun"),
    "registration_waiting": _("waiting list"),
    "registration_withdrawn": _("withdrawal"),
}


class Column(StrEnum):
    """A column that one may choose; the name itself always stands first."""

    CITY = "city"
    COUNTRY = "country"
    FIELD = "field"
    CATEGORY = "category"
    PART = "part"
    STATE = "state"
    LACKING = "lacking"
    SENT = "sent"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    ORGANISATION = "organisation"
    FUNCTION = "function"
    BADGE = "badge"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    HOTEL = "hotel"


COLUMN_LABELS = {
    Column.CITY: _("City"),
    Column.COUNTRY: _("Country"),
    Column.FIELD: _("Field"),
    Column.CATEGORY: _("Category"),
    Column.PART: _("In the delegation"),
    Column.STATE: _("State"),
    Column.LACKING: _("Missing"),
    Column.SENT: _("Sent"),
    Column.EMAIL: _("E-mail address"),
    Column.PHONE: _("Phone"),
    Column.LANGUAGE: _("Language"),
    Column.ORGANISATION: _("Institution"),
    Column.FUNCTION: _("Function"),
    Column.BADGE: _("Name on the badge"),
    Column.ARRIVAL: _("Arrival"),
    Column.DEPARTURE: _("Departure"),
    Column.HOTEL: _("Hotel"),
}
USUAL = (Column.CITY, Column.CATEGORY, Column.STATE, Column.LACKING, Column.SENT)


def chosen(named: Iterable[str]) -> tuple[Column, ...]:
    """The columns that an address names, in our order; the usual ones where it names none that there is."""
    wanted = set(named)
    return tuple(each for each in Column if each in wanted) or USUAL


def written(each: Listed, column: Column, *, language: str, zone: ZoneInfo) -> str:
    """What stands in a column for one person, in the reader's language; times are those of the zone."""
    return _WRITTEN[column](each, language, zone)


def _city(each: Listed, language: str, _zone: ZoneInfo) -> str:
    city = each.registration.delegate.city
    return city.names.text(language) if city else ""


def _country(each: Listed, language: str, _zone: ZoneInfo) -> str:
    city = each.registration.delegate.city
    return city.country.names.text(language) if city else ""


def _sent(each: Listed, _language: str, zone: ZoneInfo) -> str:
    sent = each.registration.submitted_at
    return f"{sent.astimezone(zone):%Y-%m-%d %H:%M}" if sent else ""


def _arrival(each: Listed, _language: str, _zone: ZoneInfo) -> str:
    stay = each.stay
    return f"{stay.arrival_on or ''} {stay.arrival_time} {stay.arrival_number}".strip() if stay else ""


def _departure(each: Listed, _language: str, _zone: ZoneInfo) -> str:
    stay = each.stay
    return f"{stay.departure_on or ''} {stay.departure_time} {stay.departure_number}".strip() if stay else ""


_WRITTEN: dict[Column, Callable[[Listed, str, ZoneInfo], str]] = {
    Column.CITY: _city,
    Column.COUNTRY: _country,
    Column.FIELD: lambda each, *_of: str(FIELD_LABELS[each.field]) if each.field else "",
    Column.CATEGORY: lambda each, *_of: first_upper(str(CATEGORY_WORDS[each.registration.delegate.category])),
    Column.PART: lambda each, *_of: (
        first_upper(str(PART_LABELS[each.registration.delegate.part])) if each.registration.delegate.delegation_id else ""
    ),
    Column.STATE: lambda each, *_of: first_upper(str(STATE_LABELS[each.registration.state])),
    Column.LACKING: lambda each, *_of: first_upper(", ".join(str(MISSING_WORDS[word]) for word in each.lacking)),
    Column.SENT: _sent,
    Column.EMAIL: lambda each, *_of: each.registration.delegate.person.email,
    Column.PHONE: lambda each, *_of: each.registration.delegate.person.phone,
    Column.LANGUAGE: lambda each, *_of: each.registration.delegate.person.language,
    Column.ORGANISATION: lambda each, *_of: each.registration.delegate.organisation,
    Column.FUNCTION: lambda each, *_of: each.registration.delegate.function,
    Column.BADGE: lambda each, *_of: each.registration.delegate.name_on_badge,
    Column.ARRIVAL: _arrival,
    Column.DEPARTURE: _departure,
    Column.HOTEL: lambda each, *_of: each.stay.hotel if each.stay else "",
}
