"""Several workers at once: a planned release comes out once, and its mails are queued once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.outbox.models import Message
from congress.programme import services as programme
from congress.programme.models import Release
from congress.programme.publishing import services
from congress.registration import notices
from congress.web import publishing
from tests.concurrency.test_races import at_once, change_title, unlocked
from tests.conftest import DELEGATES
from tests.factories import NOW, the_congress

__all__ = ["unlocked"]
DUE = NOW + timedelta(hours=1)


def three_workers(app: Flask, begin: Callable[[], None]) -> tuple[Counter[str], int, int]:
    """Three workers find the same planned release due; how they ended, releases and digests."""
    change_title("P022")
    plan = services.plan_release(
        the_congress(), due_at=DUE, uids=None, notes=Localised(), is_provisional=False, tells_people=True, by="x", now=NOW
    )
    number = plan.id
    db.session.commit()

    def work(_which: int) -> None:
        begin()
        publishing.carry_out(number, DUE)

    ends = at_once(app, 3, work)
    digests = db.session.scalar(select(func.count()).where(Message.template == notices.TEMPLATE))
    return ends, db.session.scalar(select(func.count(Release.id))), digests


def test_without_the_lock_workers_collide(context, unlocked, monkeypatch):
    for module in (publishing, notices):
        monkeypatch.setattr(module, "lock", lambda row: row)
    unlocked(programme.queries, "latest_release", 3)
    ends, releases, _digests = three_workers(context, lambda: None)
    assert (ends["done"], releases) == (1, 2)


def test_a_planned_release_comes_out_once_whoever_carries_it_out(context):
    assert three_workers(context, begin_writing) == ({"done": 3}, 2, DELEGATES)
