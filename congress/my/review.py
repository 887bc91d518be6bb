"""Everything a person has told, in the reader's words, to be checked before it is sent and to be read when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from congress.core.countries import countries
from congress.core.languages import LANGUAGES
from congress.core.text import first_upper
from congress.delegates.vocabulary import STEP_LABELS, Category, Step
from congress.registration.details import Needs, Passport, Stay
from congress.registration.form import consent_texts, consents
from congress.registration.form import queries as step_queries
from congress.registration.form.words import AID_LABELS, DIET_LABELS, Aid, Diet
from congress.registration.forms.role import not_asked
from congress.registration.models import Registration
from congress.registration.questions import answers
from congress.registration.vocabulary import ROOM_LABELS, STATION_LABELS, StationKind
from congress.web import filters
from congress.web.language import chosen_language

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """What was told on one page: the question in a few words, and the answer, which is never empty."""

    step: Step
    name: str
    lines: Lines


def sections(registration: Registration, *, is_person: bool = True) -> list[Section]:
    """What has been told on each page, in order; without the pages on which nothing is told, and without what is sensitive
    for anybody but the person."""
    return [
        Section(step, str(STEP_LABELS[step]), lines_of(registration, step, is_person=is_person))
        for step in step_queries.steps_of(registration.delegate.category)
        if step in _LINES
    ]


def lines_of(registration: Registration, step: Step, *, is_person: bool = True) -> Lines:
    """What was told on this page, the organisers' questions included."""
    lines = _LINES[step](registration, is_person) if step in _LINES else []
    own = [
        (each.label, each.text)
        for each in answers.given(registration, chosen_language(), step)
        if is_person or not each.is_sensitive
    ]
    return [(str(name), text) for name, text in [*lines, *own] if text]


def _identity(registration: Registration, _is_person: bool) -> Lines:
    delegate, person = registration.delegate, registration.delegate.person
    return [
        (_("Role at the congress"), first_upper(filters.label(delegate.category, "category"))),
        (_("City"), filters.text(delegate.city.names) if delegate.city else ""),
        (_("Name"), f"{person.title} {person.name}".strip()),
        (_("Name on the badge"), delegate.badge_name),
        (_("City or institution on the badge"), delegate.badge_city),
        (_("Pronouns"), person.pronouns),
        (_("E-mail address"), person.email),
        (_("Mobile phone"), person.phone),
        (_("Language of our e-mails and of your calendar"), LANGUAGES.get(person.language, person.language)),
    ]


def _role(registration: Registration, _is_person: bool) -> Lines:
    """What this category is asked; a companion has said on the first page with whom."""
    delegate = registration.delegate
    is_press, is_companion = delegate.category is Category.PRESS, delegate.category is Category.COMPANION
    languages = step_queries.working_languages(registration.congress)
    language = languages.get(delegate.working_language, "") if Step.ROLE in registration.steps_done else ""
    lines = [
        ("organisation", _("Medium") if is_press else _("Institution"), delegate.organisation),
        ("function", _("Function"), delegate.function),
        ("", _("Comes with"), delegate.remark if is_companion else ""),
        ("remark", _("What you want to report on"), delegate.remark),
        ("working_language", _("Working language"), str(language)),
        ("needs_interpretation", _("Interpretation"), _("needed") if delegate.needs_interpretation else ""),
        ("in_mayors_session", _("Mayors’ session"), _mayors_session(delegate.in_mayors_session, delegate.speaks)),
        ("speech_title", _("Title of the speech"), delegate.speech_title),
    ]
    left_out = not_asked(delegate.category, languages)
    return [(name, said) for field, name, said in lines if field not in left_out]


def _mayors_session(takes_part: bool, speaks: bool) -> str:
    if speaks:
        return str(_("takes part and would like to speak"))
    return str(_("takes part") if takes_part else _("does not take part"))


def _travel(registration: Registration, is_person: bool) -> Lines:
    told = step_queries.details(registration)
    lines = _stay(registration, told.stay) if told.stay else []
    return [*lines, *_letter(told.passport, is_person)]


def _stay(registration: Registration, stay: Stay) -> Lines:
    hosts = {city.slug: filters.text(city.names) for city in registration.congress.hosts}
    nights = [(_("Night of %(day)s", day=_day(day)), hosts.get(city, city)) for day, city in sorted(stay.nights.items())]
    return [
        (_("Days on which you take part"), "; ".join(_day(day) for day in stay.days)),
        (_("Arrival"), _journey(stay.arrival_on, stay.arrival_time, stay.arrival_at, stay.arrival_number)),
        (_("Departure"), _journey(stay.departure_on, stay.departure_time, stay.departure_at, stay.departure_number)),
        *nights,
        (_("Hotel"), stay.hotel),
        (_("Room"), first_upper(str(ROOM_LABELS[stay.room])) if stay.room else ""),
        (_("Shared with"), stay.shares_with),
        (_("Transfer between airport or station and hotel"), _("yes") if stay.wants_transfer else ""),
    ]


def _journey(on: date | None, at: str, place: StationKind | None, number: str) -> str:
    where = str(STATION_LABELS[place]) if place else ""
    return ", ".join(filter(None, (filters.day_of_week(on) if on else "", at, first_upper(where), number)))


def _day(iso: str) -> str:
    return filters.day_of_week(date.fromisoformat(iso))


def _letter(passport: Passport | None, is_person: bool) -> Lines:
    if passport is None or not passport.needs_letter:
        return []
    wanted = [(_("Invitation letter for a visa"), _("needed"))]
    if not passport.content or not is_person:
        return wanted
    content = passport.content
    return [
        *wanted,
        (_("Name exactly as in the passport"), content["name"]),
        (_("Date of birth"), filters.days((date.fromisoformat(content["born_on"]),) * 2)),
        (_("Nationality"), countries(chosen_language()).get(content["nationality"], content["nationality"])),
        (_("Passport number"), content["number"]),
        (_("Passport valid until"), filters.days((date.fromisoformat(content["expires_on"]),) * 2)),
        (_("Consulate"), content["consulate"]),
    ]


def _needs(registration: Registration, is_person: bool) -> Lines:
    needs: Needs | None = step_queries.details(registration).needs
    if needs is None or not is_person:
        return []
    said: dict[str, Any] = needs.content
    return [
        (_("Diet"), ", ".join(str(DIET_LABELS[Diet(word)]) for word in said.get("diets", ()))),
        (_("Allergies"), said.get("allergies", "")),
        (_("Access"), ", ".join(str(AID_LABELS[Aid(word)]) for word in said.get("access", ()))),
        (_("What else helps you to take part"), said.get("access_note", "")),
        (_("Name of the person who accompanies you"), said.get("companion_name", "")),
        (_("Diet of that person"), said.get("companion_diet", "")),
        (_("In an emergency"), ", ".join(filter(None, (said.get("emergency_name"), said.get("emergency_phone"))))),
    ]


def _consents(registration: Registration, _is_person: bool) -> Lines:
    zone = registration.congress.zone
    return [
        (
            consent_texts.words(kind, each.version, chosen_language()),
            _("agreed on %(day)s", day=filters.moment(each.given_at, zone)),
        )
        for kind, each in consents.given(registration).items()
    ]


_LINES: dict[Step, Callable[[Registration, bool], Lines]] = {
    Step.IDENTITY: _identity,
    Step.ROLE: _role,
    Step.TRAVEL: _travel,
    Step.NEEDS: _needs,
    Step.CONSENTS: _consents,
}
