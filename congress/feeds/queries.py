"""Reads for feeds: what a calendar says beside the released entries, each in one statement.

Each statement holds all that its calendar depends on, so that its rows tell whether a calendar made before is still right.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from congress.congresses.models import Congress, CongressKind
from congress.core.db import Question, db, one_of
from congress.core.localised import Localised
from congress.delegates.models import Delegate, Person
from congress.feeds.models import FeedToken, Purpose
from congress.programme.models import ProgrammeItem
from congress.programme.queries import IN_FORCE
from congress.registration.models import Booking, Registration
from congress.registration.queries import STANDING, attendee_of, with_standing
from congress.registration.rules import Attendee
from congress.registration.states import IS_CONFIRMED, TAKES_PART

Rows = tuple[tuple[Any, ...], ...]


def _text(column: InstrumentedAttribute[Any], name: str) -> Any:
    return cast(column, Text).label(name)  # as text, whatever the driver makes of JSON


_OCCASION = (
    Congress.id,
    Congress.slug,
    _text(Congress.names, "names"),
    _text(Congress.long_names, "long_names"),
    _text(Congress.languages, "languages"),
    Congress.timezone,
    Congress.starts_on,
    Congress.ends_on,
    Congress.registration_closes_at,
    Congress.version,
    Congress.changed_at,
    Congress.kind,
    IN_FORCE.label("release"),
)
_TIMEZONE = [getattr(each, "key", "") for each in _OCCASION].index("timezone")


@dataclass(frozen=True)
class Occasion:
    """What calendars say of a congress. ``release`` is the uid of the release in force, None before the first."""

    id: int
    slug: str
    names: Localised
    long_names: Localised
    languages: tuple[str, ...]
    timezone: str
    starts_on: date
    ends_on: date
    registration_closes_at: datetime | None
    version: int
    changed_at: datetime
    kind: CongressKind
    release: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Occasion:
        """From the columns of _OCCASION."""
        number, slug, names, long_names, languages, *rest = row
        texts = (Localised(json.loads(names)), Localised(json.loads(long_names)), tuple(json.loads(languages)))
        return cls(number, slug, *texts, *rest)


OCCASION = Question(select(*_OCCASION).where(Congress.slug == bindparam("slug"), Congress.is_published))

_CHOSEN = (
    select(func.aggregate_strings(ProgrammeItem.code, ","))
    .join(Booking, Booking.item_id == ProgrammeItem.id)
    .where(Booking.registration_id == Registration.id, Booking.state == literal_column("'taken'"))
    .correlate(Registration)
    .scalar_subquery()
)
_READER = (
    FeedToken.purpose,
    FeedToken.revoked_at,
    FeedToken.account_id,
    Registration.public_id,
    Registration.state,
    Person.language,
    _CHOSEN.label("chosen"),
    *STANDING,
)
READER = Question(
    with_standing(
        select(*_OCCASION, *_READER)
        .select_from(FeedToken)
        .join(Congress, Congress.id == FeedToken.congress_id)
        .outerjoin(Registration, Registration.id == FeedToken.registration_id)
    )
    .outerjoin(Person, Person.id == Delegate.person_id)
    .where(FeedToken.digest == bindparam("digest"))
)
_MINE = select(Delegate.delegation_id).join(Registration).join(FeedToken).where(FeedToken.digest == bindparam("digest"))
COLLEAGUES = Question(
    with_standing(
        select(Registration.id, Person.given_name, Person.family_name, _CHOSEN.label("chosen"), *STANDING).join_from(
            Registration, Congress, Congress.id == Registration.congress_id
        )
    )
    .join(Person, Person.id == Delegate.person_id)
    .where(Delegate.delegation_id == _MINE.scalar_subquery(), one_of(Registration.state, *TAKES_PART))
    .order_by(Registration.sorted_as, Registration.id)
)


@dataclass(frozen=True)
class Reader:
    """Whose calendar a token opens. ``attendee`` is None for an organiser's draft."""

    occasion: Occasion
    purpose: Purpose
    is_live: bool
    is_confirmed: bool
    account_id: int | None
    owner: str
    language: str
    attendee: Attendee | None

    @property
    def kind(self) -> str:
        """What makes this calendar another one than the owner's others."""
        return "registration" if self.purpose is Purpose.OWN else self.purpose.value


def occasion(engine: Engine, rows: Rows) -> Occasion:
    """What the row of OCCASION says."""
    return Occasion.of(OCCASION.meaning(engine, rows[0]))


def reader(engine: Engine, rows: Rows) -> Reader:
    """What the row of READER says."""
    values = READER.meaning(engine, rows[0])
    of = Occasion.of(values[: len(_OCCASION)])
    purpose, revoked_at, account_id, owner, state, language, chosen, *standing = values[len(_OCCASION) :]
    return Reader(
        occasion=of,
        purpose=purpose,
        is_live=revoked_at is None and (state is None or state in TAKES_PART),
        is_confirmed=state in IS_CONFIRMED,
        account_id=account_id,
        owner=owner or f"account {account_id}",
        language=language or "",
        attendee=_attendee(of, standing, chosen) if state is not None else None,
    )


def timezone_in(rows: Rows) -> str:
    """The time zone of the congress, in a row of OCCASION or READER as the driver gives it."""
    return str(rows[0][_TIMEZONE])


def purpose_in(rows: Rows) -> Purpose:
    """What a token is for, in a row of READER as the driver gives it."""
    return Purpose(rows[0][len(_OCCASION)])


def slug_in(rows: Rows) -> str:
    """The slug of the congress, in a row of OCCASION or READER as the driver gives it."""
    return str(rows[0][1])


def is_revoked(rows: Rows) -> bool:
    """Whether a token has ended, in a row of READER as the driver gives it."""
    return rows[0][len(_OCCASION) + 1] is not None


def colleagues(engine: Engine, of: Occasion, rows: Rows) -> list[tuple[str, Attendee]]:
    """What the rows of COLLEAGUES say: names of the people of a delegation, in order of family names, each with what decides
    about the programme."""
    values = (COLLEAGUES.meaning(engine, row) for row in rows)
    return [(f"{given} {family}".strip(), _attendee(of, standing, chosen)) for _id, given, family, chosen, *standing in values]


def _attendee(occasion: Occasion, standing: Sequence[Any], chosen: str | None) -> Attendee:
    return attendee_of(standing, occasion.starts_on, chosen.split(",") if chosen else ())


def live_token(registration: Registration, purpose: Purpose = Purpose.OWN) -> FeedToken | None:
    """The token that opens the person's calendar of this purpose now."""
    return db.session.scalar(
        select(FeedToken).where(
            FeedToken.registration_id == registration.id, FeedToken.purpose == purpose, FeedToken.revoked_at.is_(None)
        )
    )


def live_purposes(registration_ids: Collection[int]) -> dict[int, list[Purpose]]:
    """What these registrations have calendars of now, by their id; in one statement."""
    rows = db.session.execute(
        select(FeedToken.registration_id, FeedToken.purpose)
        .where(FeedToken.registration_id.in_(registration_ids), FeedToken.revoked_at.is_(None))
        .order_by(FeedToken.id)
    )
    found: dict[int, list[Purpose]] = {}
    for registration_id, purpose in rows:
        found.setdefault(registration_id or 0, []).append(purpose)
    return found


def live_draft_token(account_id: int, congress: Congress) -> FeedToken | None:
    """The token that opens an organiser's calendar of the draft now."""
    return db.session.scalar(
        select(FeedToken).where(
            FeedToken.account_id == account_id, FeedToken.congress_id == congress.id, FeedToken.revoked_at.is_(None)
        )
    )
