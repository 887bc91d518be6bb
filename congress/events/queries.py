"""Reads about sign-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress, HostCity
from congress.core.db import db
from congress.core.tokens import digest
from congress.events import rules
from congress.events.models import SignUp
from congress.events.rules import Seats, Terms
from congress.events.states import ENDED, SignUpState, Way
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience

_WHOLE = (
    joinedload(SignUp.item).joinedload(ProgrammeItem.congress).joinedload(Congress.network),
    joinedload(SignUp.item)
    .joinedload(ProgrammeItem.congress)
    .selectinload(Congress.host_places)
    .joinedload(HostCity.city),
)  # fmt: skip
# Somebody who signed up when all was taken waits only once the mailed link was followed.
_KEEPS_SEATS = or_(
    SignUp.state.in_((SignUpState.TAKEN, SignUpState.OFFERED)),
    and_(SignUp.state == SignUpState.UNCONFIRMED, SignUp.queued_at.is_(None)),
)


def find_item(congress: Congress, code: str) -> ProgrammeItem | None:
    """An item of the programme, as its organisers have set it now."""
    return db.session.scalar(select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id, ProgrammeItem.code == code))


def occurrences(item: ProgrammeItem) -> list[Entry]:
    """The item as it is released now, by time; nothing if it is not, or not listed."""
    return [entry for entry in programme.released(item.congress).by_code.get(item.code, []) if entry.is_listed]


def way_in(item: ProgrammeItem, *, now: datetime) -> Way:
    """How the public gets into the item now."""
    return rules.way_in(occurrences(item), terms(item), now, item.congress.zone)


def terms(item: ProgrammeItem) -> Terms:
    return Terms(item.takes_sign_ups, item.sign_ups_close_at)


def find_by_link(token: str) -> SignUp | None:
    """The sign-up that a mailed link opens, whatever its state, with event and congress."""
    return db.session.scalar(select(SignUp).where(SignUp.link_digest == digest(token)).options(*_WHOLE))


def find_by_id(sign_up_id: int) -> SignUp | None:
    """A sign-up with event and congress; None once it was deleted."""
    return db.session.scalar(select(SignUp).where(SignUp.id == sign_up_id).options(*_WHOLE))


def find_sign_up(item: ProgrammeItem, sign_up_id: int) -> SignUp | None:
    """A sign-up for this item."""
    return db.session.scalar(select(SignUp).where(SignUp.item_id == item.id, SignUp.id == sign_up_id).options(*_WHOLE))


def find_live(item: ProgrammeItem, address: str) -> SignUp | None:
    """The one live sign-up of a mail address for this item."""
    return db.session.scalar(
        select(SignUp).where(SignUp.item_id == item.id, SignUp.address == address, SignUp.state.not_in(ENDED))
    )


def sign_ups(item: ProgrammeItem) -> Sequence[SignUp]:
    """All sign-ups for an item as they came, the ended ones too."""
    return db.session.scalars(select(SignUp).where(SignUp.item_id == item.id).order_by(SignUp.signed_up_at, SignUp.id)).all()


def guests(item: ProgrammeItem) -> Sequence[SignUp]:
    """Those who have seats and have confirmed, in no order."""
    return db.session.scalars(select(SignUp).where(SignUp.item_id == item.id, SignUp.state == SignUpState.TAKEN)).all()


def seats(item: ProgrammeItem) -> Seats:
    """The item's seats, counted now."""
    return _seats([item]).get(item.id, Seats(item.public_places))


def _seats(items: Iterable[ProgrammeItem]) -> dict[int, Seats]:
    most = {item.id: item.public_places for item in items}

    def people(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(SignUp.people).filter(which), 0)

    is_waiting = SignUp.state == SignUpState.WAITING
    rows = db.session.execute(
        select(
            SignUp.item_id,
            people(_KEEPS_SEATS),
            people(_KEEPS_SEATS & (SignUp.state == SignUpState.UNCONFIRMED)),
            people(is_waiting),
            func.count().filter(is_waiting),
        )
        .where(SignUp.item_id.in_(most), SignUp.state.not_in(ENDED))
        .group_by(SignUp.item_id)
    )
    return {number: Seats(most[number], *counted) for number, *counted in rows}


def items_for_the_public(congress: Congress) -> dict[ProgrammeItem, Seats]:
    """What is open to the public, or has sign-ups, each with its seats, by code; in three queries."""
    with_sign_ups = select(SignUp.item_id).where(SignUp.item_id == ProgrammeItem.id).exists()
    items = db.session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id, or_(ProgrammeItem.audience == Audience.EVERYONE, with_sign_ups))
        .options(selectinload(ProgrammeItem.placements))
        .order_by(ProgrammeItem.code)
    ).all()
    found = _seats(items)
    return {item: found.get(item.id, Seats(item.public_places)) for item in items}


def ways_in(congress: Congress, *, now: datetime) -> dict[str, Way]:
    """How the public gets into each released item that is open to it, by code."""
    rows = db.session.execute(
        select(ProgrammeItem.code, ProgrammeItem.sign_ups_close_at).where(
            ProgrammeItem.congress_id == congress.id, ProgrammeItem.takes_sign_ups
        )
    )
    set_now = dict(rows.all())
    return {
        code: rules.way_in(entries, Terms(code in set_now, set_now.get(code)), now, congress.zone)
        for code, entries in programme.released(congress).by_code.items()
        if any(entry.is_public for entry in entries)
    }


def waiting(item: ProgrammeItem) -> Sequence[SignUp]:
    """Those who wait for seats, the longest first."""
    return db.session.scalars(
        select(SignUp).where(SignUp.item_id == item.id, SignUp.state == SignUpState.WAITING).order_by(SignUp.queued_at, SignUp.id)
    ).all()


def position(sign_up: SignUp) -> int:
    """The place in the waiting list, counted from 1; 0 for one that does not wait."""
    if sign_up.state is not SignUpState.WAITING:
        return 0
    earlier = or_(SignUp.queued_at < sign_up.queued_at, and_(SignUp.queued_at == sign_up.queued_at, SignUp.id <= sign_up.id))
    counted = select(func.count()).where(SignUp.item_id == sign_up.item_id, SignUp.state == SignUpState.WAITING, earlier)
    return db.session.scalar(counted) or 0


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whose time to confirm, or to take an offer, is over. The last moment itself is too late."""
    return or_(
        and_(SignUp.state == SignUpState.UNCONFIRMED, SignUp.signed_up_at <= now - rules.CONFIRM_WITHIN),
        and_(SignUp.state == SignUpState.OFFERED, SignUp.offered_until <= now),
    )


def items_with_due(now: datetime) -> Sequence[int]:
    """Ids of the items with sign-ups whose time is over."""
    return db.session.scalars(select(SignUp.item_id).where(is_due(now)).distinct().order_by(SignUp.item_id)).all()
