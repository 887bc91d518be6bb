"""Whose page is whose: one table from the pages of the desk to the rules that open them and let change something there.

The guard of the desk asks it for every request. A page that stands nowhere here is for organisers only, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import g
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_security import current_user

from congress.accounts import rules
from congress.accounts.rules import Held
from congress.core.errors import NotAllowed

_Rule = Callable[[Iterable[Held], int], bool]


@dataclass(frozen=True)
class Area:
    """Pages of one kind: who may see them, who may change something there (POST), and what those are told who may not see them."""

    may_see: _Rule
    may_change: _Rule
    refusal: LazyString


OVERVIEW = Area(rules.may_see_desk, rules.may_edit_programme, lazy_gettext("Your account has no role in this congress."))
PROGRAMME = Area(
    rules.may_read_programme, rules.may_edit_programme, lazy_gettext("Your role does not show the draft of the programme.")
)
# What belongs to the reader alone, such as the secret address of a calendar, and changes nothing of the congress.
READERS_OWN = Area(rules.may_read_programme, rules.may_read_programme, PROGRAMME.refusal)
ORGANISERS = Area(rules.may_edit_programme, rules.may_edit_programme, lazy_gettext("This page is for organisers."))
FIELD = Area(rules.is_coordinator, rules.is_coordinator, lazy_gettext("This page is for coordinators of a creative field."))
PEOPLE = Area(
    rules.may_see_registrations, rules.may_edit_registrations, lazy_gettext("Your role does not show who has registered.")
)
DOORS = Area(rules.may_check_in, rules.may_edit_registrations, lazy_gettext("Your role does not show who may come in at a door."))
LIMITS = Area(rules.may_see_registrations, rules.may_edit_programme, PEOPLE.refusal)
SENSITIVE = Area(rules.may_see_sensitive, rules.may_see_sensitive, lazy_gettext("Your role does not show what is sensitive."))
PRIVACY = Area(
    rules.may_see_privacy, rules.may_see_privacy, lazy_gettext("This page is for organisers and the data protection officer.")
)

# By the name of the blueprint; what differs in it, by the name of the endpoint. Both without “desk.”
AREAS: dict[str, Area] = {
    "home": OVERVIEW,
    "items": PROGRAMME,
    "items.new": ORGANISERS,
    "items.new_event": ORGANISERS,
    "items.edit": ORGANISERS,
    "items.new_placement": ORGANISERS,
    "items.delete": ORGANISERS,
    "placements": PROGRAMME,
    "programme_exports": PROGRAMME,
    "programme_imports": ORGANISERS,
    "copy": ORGANISERS,
    "settings": ORGANISERS,
    "translations": ORGANISERS,
    "places": PROGRAMME,
    "venues": PROGRAMME,
    "venues.edit": ORGANISERS,
    "venues.new": ORGANISERS,
    "printing": PROGRAMME,
    "printing.coach_lists": PEOPLE,
    "conflicts": PROGRAMME,
    "conflict_places": PROGRAMME,
    "releases": PROGRAMME,
    "release_mails": PROGRAMME,
    "timetable": PROGRAMME,
    "timetable_moves": PROGRAMME,
    "calendar": PROGRAMME,
    "calendar.new_link": READERS_OWN,
    "field": FIELD,
    "field_cities": FIELD,
    "field_documents": FIELD,
    "proposals": ORGANISERS,
    "speakers": ORGANISERS,
    "agenda": ORGANISERS,
    "documents": ORGANISERS,
    "document_proposals": ORGANISERS,
    "offerings": ORGANISERS,
    "roles": ORGANISERS,
    "accounts": ORGANISERS,
    "bookings": PEOPLE,
    "contacts": PEOPLE,
    "dashboard": PEOPLE,
    "delegation": PEOPLE,
    "delegations": PEOPLE,
    "exports": PEOPLE,
    "imports": PEOPLE,
    "limits": LIMITS,
    "mail_texts": PEOPLE,
    "mailings": PEOPLE,
    "mails": PEOPLE,
    "newsletter": PEOPLE,
    "questions": PEOPLE,
    "registration": PEOPLE,
    "registration.sensitive": SENSITIVE,
    "registration_city": PEOPLE,
    "registration_sessions": PEOPLE,
    "registrations": PEOPLE,
    "sign_ups": PEOPLE,
    "sign_ups.index": DOORS,
    "sign_ups.door": DOORS,
    "uploads": PEOPLE,
    "windows": PEOPLE,
    "privacy": PRIVACY,
    "audit": PRIVACY,
}

# Files with data of people: that somebody takes one away is written down before it is made.
TAKEN_AWAY = frozenset(
    {
        "desk.audit.export", "desk.exports.show", "desk.newsletter.export", "desk.printing.coach_lists", "desk.sign_ups.export",
        "desk.sign_ups.door", "desk.uploads.show", "desk.programme_exports.show",
    }
)  # fmt: skip


def is_decided(endpoint: str) -> bool:
    """Whether the table says whose page this is."""
    name = endpoint.removeprefix("desk.")
    return name in AREAS or name.partition(".")[0] in AREAS


def area(endpoint: str) -> Area:
    """The area of a page by its endpoint."""
    name = endpoint.removeprefix("desk.")
    return AREAS.get(name) or AREAS.get(name.partition(".")[0], ORGANISERS)


def opens(found: Area, held: Iterable[Held], congress_id: int, *, is_change: bool) -> bool:
    """Whether these roles open a page of the area in this congress, and let change something there where that is asked."""
    held = list(held)
    sees = rules.may_see_desk(held, congress_id) and found.may_see(held, congress_id)
    return sees and (not is_change or found.may_change(held, congress_id))


def need(endpoint: str, *, is_change: bool) -> None:
    """Raises NotAllowed where the reader's roles in this congress do not open the page, or let change nothing there."""
    found, held = area(endpoint), current_user.held
    if not rules.may_see_desk(held, g.congress.id):
        raise NotAllowed(OVERVIEW.refusal)
    if not opens(found, held, g.congress.id, is_change=False):
        raise NotAllowed(found.refusal)
    if is_change and not opens(found, held, g.congress.id, is_change=True):
        raise NotAllowed(lazy_gettext("Your role lets you read, not change."))
