"""The newsletter of a congress: asked for, confirmed by a mailed link, left with one click; and who is on its list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress, HostCity
from congress.core.db import db, lock
from congress.core.tokens import derive_token, digest
from congress.events.models import Subscriber
from congress.events.rules import ASKED_FOR
from congress.events.states import SubscriberState
from congress.outbox import services as outbox
from congress.outbox.services import Letter

_WHOLE = (
    joinedload(Subscriber.congress).joinedload(Congress.network),
    joinedload(Subscriber.congress).selectinload(Congress.host_places).joinedload(HostCity.city),
)


def find_by_link(token: str) -> Subscriber | None:
    """The subscriber whom a mailed link is for, whatever the state, with the congress."""
    return db.session.scalar(select(Subscriber).where(Subscriber.link_digest == digest(token)).options(*_WHOLE))


def find_by_id(subscriber_id: int) -> Subscriber | None:
    """A subscriber with the congress; None once it was deleted."""
    return db.session.scalar(select(Subscriber).where(Subscriber.id == subscriber_id).options(*_WHOLE))


def listed(congress: Congress) -> Sequence[Subscriber]:
    """Those who have confirmed and not left, by the day on which they did."""
    return db.session.scalars(
        select(Subscriber)
        .where(Subscriber.congress_id == congress.id, Subscriber.state == SubscriberState.LISTED)
        .order_by(Subscriber.confirmed_at, Subscriber.id)
    ).all()


def counts(congress: Congress) -> dict[SubscriberState, int]:
    """How many have asked, are listed, have left."""
    rows = db.session.execute(
        select(Subscriber.state, func.count()).where(Subscriber.congress_id == congress.id).group_by(Subscriber.state)
    )
    return dict.fromkeys(SubscriberState, 0) | dict(rows.all())


def subscribe(congress: Congress, email: str, language: str, *, key: str, now: datetime) -> Subscriber:
    """Put somebody on the list once the mailed link is followed. ``key`` is the installation's secret key.

    Who is there already gets a mail that says so (at most once a day), and whoever typed learns nothing.
    """
    lock(congress)
    address = email.lower()
    there = db.session.scalar(
        select(Subscriber).where(
            Subscriber.congress_id == congress.id, Subscriber.address == address, Subscriber.state != SubscriberState.LEFT
        )
    )
    if there is None:
        public_id = str(uuid.uuid4())
        there = Subscriber(
            public_id=public_id, congress=congress, state=SubscriberState.ASKED, email=email, address=address, language=language,
            link_digest=digest(derive_token(key, "newsletter", public_id, 1)), asked_at=now,
        )  # fmt: skip
        db.session.add(there)
        db.session.flush()
    is_listed = there.state is SubscriberState.LISTED
    _mail(there, "newsletter_again" if is_listed else "newsletter_confirm", f"-{now:%Y-%m-%d}", now)
    return there


def link_token(subscriber: Subscriber, key: str) -> str:
    """The token of the link in each newsletter; if the installation's key has changed since, the old link ends. Flushes then."""
    token = derive_token(key, "newsletter", subscriber.public_id, 1)
    if digest(token) != subscriber.link_digest:
        subscriber.link_digest = digest(token)
        db.session.flush()
    return token


def confirm(subscriber: Subscriber, *, now: datetime) -> None:
    """The mailed link was followed. A second time changes nothing; who has left stays away."""
    lock(subscriber)
    if subscriber.state is SubscriberState.ASKED:
        subscriber.state, subscriber.confirmed_at = SubscriberState.LISTED, now
        db.session.flush()
        _mail(subscriber, "newsletter_listed", "", now)


def leave(subscriber: Subscriber, *, now: datetime) -> None:
    """Take somebody off the list, and keep no address. A second time changes nothing."""
    lock(subscriber)
    if subscriber.state is not SubscriberState.LEFT:
        subscriber.state, subscriber.left_at = SubscriberState.LEFT, now
        subscriber.email = subscriber.address = ""
        db.session.flush()


def never_confirmed(now: datetime) -> Sequence[int]:
    """Ids of those who asked so long ago that they will not confirm any more."""
    return db.session.scalars(
        select(Subscriber.id).where(Subscriber.state == SubscriberState.ASKED, Subscriber.asked_at <= now - ASKED_FOR)
    ).all()


def forget(subscriber_id: int, now: datetime) -> None:
    """Delete one of never_confirmed, unless the link was followed at this moment."""
    subscriber = lock(db.session.get_one(Subscriber, subscriber_id))
    if subscriber.state is SubscriberState.ASKED and subscriber.asked_at <= now - ASKED_FOR:
        db.session.delete(subscriber)
        db.session.flush()


def _mail(subscriber: Subscriber, template: str, day: str, now: datetime) -> None:
    outbox.enqueue(
        Letter(
            key=f"{template.replace('_', '-')}-{subscriber.id}{day}", to=subscriber.email, template=template,
            language=subscriber.language, facts={"subscriber": subscriber.id}, congress=subscriber.congress_id,
            about=f"subscriber:{subscriber.id}",
        ),
        now=now,
    )  # fmt: skip
