"""What is done when its time has come, though something else goes wrong."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from congress.core.db import db
from congress.core.errors import CongressError
from congress.outbox.models import Message, MessageState
from congress.web import chores
from congress.web.chores import Chore
from tests.factories import NOW, make_registration, the_congress


def test_what_fails_stops_neither_the_rest_nor_the_other_chores_nor_the_mails(context, monkeypatch):
    done = []

    def do(number: int, _moment: object) -> None:
        the_congress().contact_email = f"{number}@krakowice.example"
        db.session.flush()
        done.append(number)
        if number % 2:
            raise CongressError

    def broken(_moment: object) -> list[int]:
        raise OperationalError("SELECT", {}, Exception())

    monkeypatch.setattr(
        chores,
        "CHORES",
        (Chore("broken", broken, do), Chore("odd", lambda _moment: [1, 2, 3], do), Chore("more", lambda _moment: [4, 5], do)),
    )
    db.session.execute(update(Message).values(state=MessageState.SENT))
    make_registration(now=NOW)
    db.session.commit()
    assert (chores.do_due(context), done) == (1, [1, 2, 3, 4, 5])
    db.session.rollback()
    assert the_congress().contact_email == "4@krakowice.example"
