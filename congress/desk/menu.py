"""The menu of a congress's desk: groups of pages, of which a reader sees those that the own role opens (``rights``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from congress.accounts.rules import Held
from congress.desk import rights


@dataclass(frozen=True)
class Page:
    """An entry: its address, its name, and the blueprints whose pages lie under it."""

    endpoint: str
    name: LazyString
    blueprints: frozenset[str]


@dataclass(frozen=True)
class Group:
    """Entries under one heading."""

    name: LazyString | None
    pages: tuple[Page, ...]


def _page(endpoint: str, name: LazyString, *also: str) -> Page:
    return Page(f"desk.{endpoint}", name, frozenset({endpoint.partition(".")[0], *also}))


_GROUPS = (
    Group(None, (_page("home.show", lazy_gettext("Overview")),)),
    Group(
        None,
        (
            _page("field.index", lazy_gettext("My sessions"), "field_documents"),
            _page("field_cities.index", lazy_gettext("Cities of my field")),
        ),
    ),
    Group(None, (_page("dashboard.show", lazy_gettext("Dashboard")),)),
    Group(
        lazy_gettext("Programme"),
        (
            _page("timetable.index", lazy_gettext("Timetable")),
            _page("placements.index", lazy_gettext("Draft"), "places"),
            _page("items.index", lazy_gettext("Sessions and events")),
            _page("proposals.index", lazy_gettext("Proposals"), "document_proposals"),
            _page("conflicts.index", lazy_gettext("Conflicts"), "conflict_places"),
            _page("releases.index", lazy_gettext("Releases"), "release_mails"),
            _page("printing.index", lazy_gettext("Print")),
            _page("venues.index", lazy_gettext("Venues and rooms")),
            _page("speakers.index", lazy_gettext("Speakers")),
            _page("agenda.index", lazy_gettext("People and documents"), "documents"),
            _page("offerings.index", lazy_gettext("City presentations")),
            _page("calendar.index", lazy_gettext("Draft calendar")),
            _page("programme_exports.index", lazy_gettext("Export and import"), "programme_imports"),
            _page("translations.index", lazy_gettext("Missing translations")),
            _page("copy.index", lazy_gettext("Copy for the next congress")),
        ),
    ),
    Group(
        lazy_gettext("People"),
        (
            _page("delegations.index", lazy_gettext("Delegations"), "delegation"),
            _page("contacts.index", lazy_gettext("Contacts of the cities")),
            _page(
                "registrations.index",
                lazy_gettext("Registrations"),
                "registration",
                "registration_city",
                "registration_sessions",
                "imports",
            ),
            _page("bookings.index", lazy_gettext("Places in sessions")),
        ),
    ),
    Group(
        lazy_gettext("The form"),
        (
            _page("questions.index", lazy_gettext("Questions")),
            _page("windows.index", lazy_gettext("Deadlines")),
            _page("limits.index", lazy_gettext("Limits")),
        ),
    ),
    Group(
        lazy_gettext("The public"),
        (
            _page("sign_ups.index", lazy_gettext("Sign-ups for events")),
            _page("newsletter.index", lazy_gettext("Newsletter")),
        ),
    ),
    Group(
        lazy_gettext("Mail"),
        (
            _page("mails.index", lazy_gettext("E-mails"), "mailings"),
            _page("mail_texts.index", lazy_gettext("Words of the e-mails")),
        ),
    ),
    Group(
        None,
        (
            _page("settings.index", lazy_gettext("Settings")),
            _page("roles.index", lazy_gettext("Who works here"), "accounts"),
            _page("privacy.index", lazy_gettext("Privacy")),
            _page("audit.index", lazy_gettext("Audit log")),
        ),
    ),
)


def groups(held: Iterable[Held], congress_id: int) -> list[Group]:
    """The pages that these roles open in this congress, in their groups."""
    held = list(held)
    found = [
        Group(group.name, tuple(page for page in group.pages if rights.area(page.endpoint).may_see(held, congress_id)))
        for group in _GROUPS
    ]
    return [group for group in found if group.pages]


def current(blueprint: str) -> Page | None:
    """The entry under which the pages of a blueprint lie; its name is the last part (``desk.registration`` → ``registration``)."""
    last = blueprint.rpartition(".")[2]
    return next((page for group in _GROUPS for page in group.pages if last in page.blueprints), None)
