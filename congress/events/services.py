"""Writes of sign-ups: somebody of the public signs up, confirms, waits, cancels.

Seats are counted from rows under the lock of their event. Who finds none free waits, first come first served, and nobody passes
a group for which there are too few (core.waiting).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select, update

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.tokens import derive_token, digest
from congress.core.waiting import Claim, served
from congress.events import queries, rules
from congress.events.models import SignUp
from congress.events.refusals import NoSeats, SignUpsClosed
from congress.events.states import ENDED, SignUpState, Way
from congress.outbox import services as outbox
from congress.outbox.models import Message, MessageState
from congress.outbox.services import Letter
from congress.programme.models import ProgrammeItem

_FORMS = uuid.UUID("6b0d2a56-8a5d-4b7e-9a1c-5d0a7c1f3e90")  # names the keys below


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """What somebody has filled in, cleaned; ``submission`` is the same when one form is sent twice."""

    submission: str
    name: str
    email: str
    people: int
    language: str
    accepts_fewer: bool = False

    @property
    def address(self) -> str:
        return self.email.lower()


def sign_up(item: ProgrammeItem, visitor: Visitor, *, key: str, now: datetime) -> SignUp:
    """Sign somebody up and queue the mail with the link; ``key`` is the installation's secret key.

    An address that has signed up already gets a mail that says so (at most once a day), and whoever typed learns nothing; the
    same form sent twice is one sign-up and one mail. Raises SignUpsClosed, NoSeats.
    """
    lock(item)
    lapse(item, now=now)
    if queries.way_in(item, now=now) is not Way.OPEN:
        raise SignUpsClosed(_("This event takes no sign-ups now."))
    # One form may be corrected with the browser's back button and sent for another address: that is another sign-up.
    submission = str(uuid.uuid5(_FORMS, f"{visitor.submission} {item.id} {visitor.address}"))
    there = queries.find_live(item, visitor.address)
    if there is not None:
        if there.submission_key != submission:
            _mail(there, "sign_up_again", now=now, often=True)
        return there
    sent = db.session.scalar(select(SignUp).where(SignUp.submission_key == submission))
    if sent is not None:  # it has ended since
        return sent
    _check_number(item, visitor.people)
    made = _new(item, visitor, submission, state=SignUpState.UNCONFIRMED, key=key, now=now)
    given = queries.seats(item).given_to(visitor.people, accepts_fewer=visitor.accepts_fewer)
    made.people, made.queued_at = given or visitor.people, None if given else now
    db.session.add(made)
    db.session.flush()
    _mail(made, "sign_up_confirm", now=now, asked=visitor.people)
    return made


def add_walk_in(item: ProgrammeItem, name: str, people: int, *, language: str, key: str, now: datetime) -> SignUp:
    """Let in somebody who stands at the door, and has given no address. Raises NoSeats."""
    lock(item)
    free = queries.seats(item).free
    if free is not None and people > free:
        raise NoSeats(_not_so_many(free))
    visitor = Visitor(submission=str(uuid.uuid4()), name=name, email="", people=people, language=language)
    made = _new(item, visitor, visitor.submission, state=SignUpState.TAKEN, key=key, now=now)
    made.address = f"walk-in {made.public_id}"
    db.session.add(made)
    db.session.flush()
    return made


def _new(item: ProgrammeItem, visitor: Visitor, submission: str, *, state: SignUpState, key: str, now: datetime) -> SignUp:
    public_id = str(uuid.uuid4())
    return SignUp(
        public_id=public_id, item=item, state=state, name=visitor.name, email=visitor.email, address=visitor.address,
        people=visitor.people, accepts_fewer=visitor.accepts_fewer, language=visitor.language, submission_key=submission,
        link_digest=digest(derive_token(key, "sign-up", public_id, 1)), signed_up_at=now,
    )  # fmt: skip


def link_token(sign_up: SignUp, key: str) -> str:
    """The token of the mailed link; if the installation's key has changed since, the old link ends. Flushes then."""
    token = derive_token(key, "sign-up", sign_up.public_id, 1)
    if digest(token) != sign_up.link_digest:
        sign_up.link_digest = digest(token)
        db.session.flush()
    return token


def confirm(sign_up: SignUp, *, now: datetime) -> None:
    """The mailed link was followed: the seats are taken, or the waiting begins. One that has ended, also by now, stays as it is.

    Raises SignUpsClosed.
    """
    item = _lock(sign_up, now)
    if sign_up.state is not SignUpState.UNCONFIRMED:
        return
    _check_takes_place(item, now)
    given = sign_up.people
    if sign_up.queued_at is not None:  # there was no seat; there may be by now
        given = queries.seats(item).given_to(sign_up.people, accepts_fewer=sign_up.accepts_fewer)
    if given:
        _take(sign_up, given, now)
    else:
        sign_up.state, sign_up.queued_at = SignUpState.WAITING, now
        db.session.flush()
        _mail(sign_up, "sign_up_waiting", now=now)


def accept(sign_up: SignUp, *, now: datetime) -> None:
    """Take the seats that were offered. Where the offer has ended, the sign-up has lapsed, which its state then says.

    Raises SignUpsClosed.
    """
    item = _lock(sign_up, now)
    if sign_up.state is SignUpState.OFFERED:
        _check_takes_place(item, now)
        _take(sign_up, sign_up.people, now)


def change_people(sign_up: SignUp, people: int, *, now: datetime) -> None:
    """Come with fewer, or with more if there are seats. One that has ended stays as it is. Raises NoSeats, SignUpsClosed."""
    item = _lock(sign_up, now)
    more = people - sign_up.people
    if sign_up.state in ENDED or more == 0:
        return
    _check_number(item, people)
    if more > 0:
        if sign_up.state is not SignUpState.TAKEN:
            raise NoSeats(_("You can ask for more people once you have your places."))
        if queries.way_in(item, now=now) is not Way.OPEN:
            raise SignUpsClosed(_("This event takes no sign-ups now."))
        now_there = queries.seats(item)
        if not now_there.given_to(more, accepts_fewer=False):
            raise NoSeats(
                _("Others wait for places. You keep yours.") if now_there.groups_waiting else _not_so_many(now_there.free)
            )
    sign_up.people = people
    db.session.flush()
    serve(item, now=now)


def cancel(sign_up: SignUp, *, now: datetime, by_organisers: bool = False) -> None:
    """Give the seats back; they go to those who wait. A second time changes nothing."""
    item = _lock(sign_up, now)
    if sign_up.state in ENDED:
        return
    _end(sign_up, SignUpState.CANCELLED, now)
    if by_organisers:
        _mail(sign_up, "sign_up_cancelled", now=now)
    serve(item, now=now)


def forget(sign_up: SignUp, *, now: datetime) -> None:
    """Cancel somebody's sign-up and keep neither name nor address, nor whom its mails went to."""
    cancel(sign_up, now=now)
    sign_up.name = sign_up.email = ""
    sign_up.address = f"erased {sign_up.public_id}"
    left = Message.state != MessageState.QUEUED
    db.session.execute(update(Message).where(Message.about == f"sign-up:{sign_up.id}", left).values(recipient=""))
    db.session.flush()


def close(item: ProgrammeItem, *, now: datetime) -> None:
    """Take no more sign-ups from now on; those who wait still get what others give back."""
    lock(item)
    item.sign_ups_close_at = now
    db.session.flush()


def open_again(item: ProgrammeItem, *, now: datetime) -> None:
    """Take sign-ups, until the event begins or organisers close them."""
    lock(item)
    item.takes_sign_ups, item.sign_ups_close_at = True, None
    db.session.flush()
    serve(item, now=now)


def serve(item: ProgrammeItem, *, now: datetime) -> None:
    """Give free seats to those who wait, each with a mail. The caller holds the item's lock."""
    if not rules.takes_place(queries.occurrences(item), now, item.congress.zone):
        return
    waiting = {each.id: each for each in queries.waiting(item)}
    claims = [Claim(each.id, each.people, each.accepts_fewer) for each in waiting.values()]
    free = queries.seats(item).free
    for claim, given in served(sum(claim.places for claim in claims) if free is None else free, claims):
        lucky = waiting[claim.id]
        if item.offer_hours is None:
            _take(lucky, given, now, has_waited=True)
            continue
        lucky.state, lucky.people = SignUpState.OFFERED, given
        lucky.offered_until = now + timedelta(hours=item.offer_hours)
        db.session.flush()
        _mail(lucky, "sign_up_offered", now=now, asked=claim.places)


def lapse(item: ProgrammeItem, *, now: datetime) -> int:
    """End what was not confirmed or taken in time, and serve those who wait; how many ended. The caller holds the item's lock."""
    over = db.session.scalars(select(SignUp).where(SignUp.item_id == item.id, queries.is_due(now)).order_by(SignUp.id)).all()
    for each in over:
        was_offered = each.state is SignUpState.OFFERED
        _end(each, SignUpState.LAPSED, now)
        if was_offered:  # an address that nobody confirmed is written to no more
            _mail(each, "sign_up_lapsed", now=now)
    if over:
        serve(item, now=now)
    return len(over)


def lapse_due(item_id: int, now: datetime) -> int:
    """End what was not confirmed or taken in time for one item of queries.items_with_due; how many ended."""
    return lapse(lock(db.session.get_one(ProgrammeItem, item_id)), now=now)


def delete_old(congress: Congress, *, now: datetime) -> int:
    """Delete the sign-ups that have been kept long enough: rules.KEPT_FOR after the congress and after the event; how many."""
    then = now - rules.KEPT_FOR
    if then.astimezone(congress.zone).date() <= congress.ends_on:
        return 0
    over = [
        item.id
        for item in queries.items_for_the_public(congress)
        if not rules.takes_place(queries.occurrences(item), then, congress.zone)
    ]
    return int(db.session.execute(delete(SignUp).where(SignUp.item_id.in_(over))).rowcount)  # type: ignore[attr-defined]


def correct_address(sign_up: SignUp, email: str) -> None:
    """Set the mail address, after a server has refused the one before. Raises SignUpsClosed where that one has signed up by itself."""
    lock(sign_up.item)
    address = email.lower()
    if address != sign_up.address and sign_up.state not in ENDED and queries.find_live(sign_up.item, address) is not None:
        raise SignUpsClosed(_("This address has signed up for the event already."))
    sign_up.email, sign_up.address = email, address
    db.session.flush()


def _lock(sign_up: SignUp, now: datetime) -> ProgrammeItem:
    """The item, locked, with the sign-up as it is now: what was not done in time is too late."""
    item = lock(sign_up.item)
    lock(sign_up)
    lapse(item, now=now)
    return item


def _take(sign_up: SignUp, people: int, now: datetime, *, has_waited: bool = False) -> None:
    asked = sign_up.people
    sign_up.state, sign_up.people, sign_up.offered_until, sign_up.queued_at = SignUpState.TAKEN, people, None, None
    db.session.flush()
    _mail(sign_up, "sign_up_taken", now=now, has_waited=has_waited, asked=asked)


def _end(sign_up: SignUp, state: SignUpState, now: datetime) -> None:
    sign_up.state, sign_up.ended_at, sign_up.offered_until = state, now, None
    db.session.flush()


def _check_takes_place(item: ProgrammeItem, now: datetime) -> None:
    if not rules.takes_place(queries.occurrences(item), now, item.congress.zone):
        raise SignUpsClosed(_("This event is over, or does not take place."))


def _check_number(item: ProgrammeItem, people: int) -> None:
    if not 0 < people <= item.most_per_sign_up:
        raise NoSeats(
            ngettext("You can sign up %(num)d person.", "You can sign up at most %(num)d people together.", item.most_per_sign_up)
        )


def _not_so_many(free: int | None) -> str:
    if not free:
        return str(_("There are no more free places."))
    return str(ngettext("There is only %(num)d free place.", "There are only %(num)d free places.", free))


def _mail(sign_up: SignUp, template: str, *, now: datetime, often: bool = False, **facts: Any) -> None:
    """Queue a mail to who signed up: one of each kind, or one a day. Who gave no address gets none."""
    if not sign_up.email:
        return
    day = f"-{now:%Y-%m-%d}" if often else ""
    outbox.enqueue(
        Letter(
            key=f"{template.replace('_', '-')}-{sign_up.id}{day}", to=sign_up.email, template=template, language=sign_up.language,
            facts={"sign_up": sign_up.id, **facts}, congress=sign_up.item.congress_id, about=f"sign-up:{sign_up.id}",
        ),
        now=now,
    )  # fmt: skip
