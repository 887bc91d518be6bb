"""What tests arrange: one line each, with values that do not matter left out."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.networks.models import City, Contact, Network
from congress.networks.vocabulary import ContactKind
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.programme.models import Placement, ProgrammeItem, ProgrammeSession
from congress.programme.vocabulary import Audience, Kind, Timing
from congress.registration import services as registration
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Registration
from congress.registration.services import Actor, Applicant
from congress.registration.vocabulary import By, ConsentKind

NOW = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)  # a week after the first release of the loaded congress
HOSTS = Actor(By.ORGANISER, "olga@krakowice.example")
_count = itertools.count(1)


def utc(*parts: int) -> datetime:
    """``utc(2018, 6, 12, 9)`` is nine o'clock UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def the_congress() -> Congress:
    """The congress of 2018."""
    return _found(congresses.find_congress("krakowice2018"))


def the_network(slug: str = "uccn") -> Network:
    return _found(networks.find_network(slug))


def the_city(slug: str) -> City:
    return _found(networks.find_city(slug))


def the_item(code: str) -> ProgrammeItem:
    """An item of the draft of 2018."""
    return _found(programme.find_item(the_congress(), code))


def the_placement(code: str) -> Placement:
    """A placement of the draft of 2018 by its own code."""
    return next(each for each in programme.placements(the_congress()) if each.code == code)


def _found(value: Any) -> Any:
    assert value is not None
    return value


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as they stand in the database now."""
    db.session.flush()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in db.metadata.sorted_tables
    }


def make_entry(**changes: Any) -> Entry:
    """A plenary of an hour on the first morning, released once."""
    values: dict[str, Any] = {
        "uid": str(uuid.UUID(int=22)),
        "code": "P022",
        "item": changes.get("code", "P022"),
        "type": "session",
        "kind": "plenary",
        "titles": Localised(en="Opening", pl="Otwarcie"),
        "audience": "delegates",
        "timing": "timed",
        "starts_at": utc(2018, 6, 12, 7),
        "ends_at": utc(2018, 6, 12, 8),
        "sequence": 0,
        "created_at": utc(2018, 5, 2, 9),
        "last_modified": utc(2018, 5, 2, 9),
    }
    if changes.get("timing", "timed") != "timed":
        values |= {"starts_at": None, "ends_at": None}
    return Entry(**(values | changes))


def make_applicant(**changes: Any) -> Applicant:
    """A person from Kanazawa whom nobody else is."""
    number = next(_count)
    values: dict[str, Any] = {
        "submission_key": str(uuid.uuid4()),
        "category": Category.DELEGATE,
        "city": "kanazawa",
        "given_name": "Haruki",
        "family_name": f"Tester{number}",
        "email": f"haruki.tester{number}@kanazawa.example",
        "language": "en",
        "consents": [ConsentKind.PRIVACY],
    }
    return Applicant(**(values | changes))


def make_registration(*, now: datetime = NOW, **changes: Any) -> Registration:
    """A registration for the congress of 2018, flushed; the city's delegation has room for as many as a test wants."""
    applicant = make_applicant(**changes)
    if applicant.city:
        give_room(applicant.city)
    return registration.register(the_congress(), applicant, key=current_app.config["SECRET_KEY"], now=now)


def give_room(city: str, most: int = 1000) -> Delegation:
    """The city's delegation, which may have so many people from now on."""
    made = delegation_of(the_congress(), the_city(city))
    made.max_override, made.limit_reason = most, "a test"
    return made


def make_full_registration(**changes: Any) -> Registration:
    """Somebody who told everything, and agreed to be named to delegates."""
    made = make_registration(given_name="Nomsa", consents=[ConsentKind.PRIVACY, ConsentKind.PARTICIPANT_LIST], **changes)
    db.session.add(Stay(registration_id=made.id, arrival_on=date(2018, 6, 11), hotel="Hotel Wanda", changed_at=NOW))
    db.session.add(Needs(registration_id=made.id, content={"diets": ["halal"], "allergies": "nuts"}, changed_at=NOW))
    passport = {"name": "NOMSA THANDI TESTER", "number": "ZA0123456"}
    db.session.add(Passport(registration_id=made.id, needs_letter=True, content=passport, fingerprint="f", changed_at=NOW))
    db.session.flush()
    return made


def make_contact(city: str, kind: ContactKind = ContactKind.MAIN, **changes: Any) -> Contact:
    """A standing contact of a city in the network of the congress of 2018, flushed."""
    values: dict[str, Any] = {
        "given_name": "Kenji",
        "family_name": "Contact",
        "email": f"{kind}@{city}.example",
        "language": "en",
    }
    contact = Contact(network=the_network(), city=the_city(city), kind=kind, **(values | changes))
    db.session.add(contact)
    db.session.flush()
    return contact


def make_session(**changes: Any) -> ProgrammeSession:
    """A workshop in the draft of 2018 with one placement, neither added to the session nor released."""
    number = next(_count)
    values: dict[str, Any] = {
        "congress": the_congress(),
        "code": f"T{number:03}",
        "kind": Kind.WORKSHOP,
        "audience": Audience.DELEGATES,
        "titles": Localised(en=f"Workshop {number}", pl=f"Warsztat {number}"),
        "descriptions": Localised(),
        "languages": [],
        "interpretation": [],
    }
    made = ProgrammeSession(**(values | changes))
    made.placements.append(
        Placement(
            congress_id=made.congress.id, code=made.code, timing=Timing.TIMED,
            starts_at=utc(2018, 6, 13, 12), ends_at=utc(2018, 6, 13, 13),
        )
    )  # fmt: skip
    return made
