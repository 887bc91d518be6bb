"""What tests of sign-ups arrange."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from congress.core.db import db
from congress.events import services
from congress.events.models import SignUp
from congress.events.services import Visitor
from congress.events.states import SignUpState
from congress.outbox.models import Message
from congress.programme.models import ProgrammeItem
from tests.factories import NOW, the_item

EVENT = "P040"  # a debate on 13 June 2018, 18:00-20:00, open to everybody
_count = itertools.count(1)


def the_event(places: int | None = 10, *, offer_hours: int | None = None, code: str = EVENT) -> ProgrammeItem:
    """A public event for which the public signs up."""
    item = the_item(code)
    item.takes_sign_ups, item.public_places, item.offer_hours = True, places, offer_hours
    db.session.flush()
    return item


def a_visitor(people: int = 1, **changes: object) -> Visitor:
    """Somebody who has not signed up yet."""
    number = next(_count)
    values = {
        "submission": str(uuid.uuid4()), "name": f"Visitor {number}", "email": f"visitor{number}@mail.example",
        "people": people, "language": "en",
    }  # fmt: skip
    return Visitor(**(values | changes))


def make_sign_up(item: ProgrammeItem, people: int = 1, *, now: datetime = NOW, **changes: object) -> SignUp:
    """Signed up, not confirmed."""
    return services.sign_up(item, a_visitor(people, **changes), key=current_app.config["SECRET_KEY"], now=now)


def confirmed(item: ProgrammeItem, people: int = 1, *, now: datetime = NOW, **changes: object) -> SignUp:
    """Signed up and confirmed: with seats, or waiting."""
    made = make_sign_up(item, people, now=now, **changes)
    services.confirm(made, now=now)
    return made


def states(*sign_ups: SignUp) -> list[tuple[SignUpState, int]]:
    """State and people of each."""
    return [(each.state, each.people) for each in sign_ups]


def mails(*sign_ups: SignUp) -> list[list[str]]:
    """Templates of the mails queued about each, in order."""
    return [
        list(db.session.scalars(select(Message.template).where(Message.about == f"sign-up:{each.id}").order_by(Message.id)))
        for each in sign_ups
    ]


def link_in(text: str) -> str:
    """The path of the secret link in a mail."""
    found: Sequence[str] = re.findall(r"https?://[^/\s]+(/my/[^\s]+)", text)
    return found[0]
