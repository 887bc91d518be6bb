"""No notice without a change, no change without a notice: over random drafts, releases and deliveries."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme import queries as programme
from congress.programme import services as programmes
from congress.programme.models import Release
from congress.registration import notices
from congress.web import publishing
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement

CODES = ("P022", "P024")
steps = st.one_of(
    st.tuples(st.just("rename"), st.sampled_from(CODES), st.sampled_from(["One", "Two", "Three"])),
    st.tuples(st.just("cancel"), st.sampled_from(CODES), st.booleans()),
    st.tuples(st.just("release"), st.sampled_from(["told", "held", "only P022"])),
    st.tuples(st.just("back"), st.integers(1, 3)),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("register")),
)


class Reader:
    """A person who remembers what mails said: of each entry the title, or that it is cancelled."""

    def __init__(self, since: int) -> None:
        self.registration = make_registration(now=NOW + timedelta(minutes=since))
        self.knows = released()

    def reads(self) -> None:
        """The mails to this person leave, in their order."""
        waiting = select(Message).where(
            Message.about == f"registration:{self.registration.id}",
            Message.template == notices.TEMPLATE,
            Message.state == MessageState.QUEUED,
        )
        for message in db.session.scalars(waiting.order_by(Message.id)).all():
            news = notices.news(self.registration, message.facts, now=NOW)
            for change in news.changes:
                if change.after.code in CODES:
                    assert change.before is not None
                    assert said(change.before) == self.knows[change.after.code], "it tells what was, as the reader knew it"
                    assert said(change.after) != said(change.before), "no notice without a change"
                    self.knows[change.after.code] = said(change.after)
            message.facts = {**message.facts, "up_to": news.up_to}
            message.state = MessageState.SENT if news.changes else MessageState.DROPPED
            db.session.flush()


def said(entry) -> tuple[str, bool]:
    return entry.titles["en"], entry.is_cancelled


def released() -> dict[str, tuple[str, bool]]:
    return {each.code: said(each) for each in programme.released(the_congress()).entries if each.code in CODES}


def do(step: tuple, minute: int, readers: list[Reader]) -> None:
    now, congress = NOW + timedelta(minutes=minute), the_congress()
    try:
        match step:
            case ("rename", code, title):
                the_item(code).titles = Localised(en=title, pl=title)
            case ("cancel", code, is_cancelled):
                the_placement(code).is_cancelled = is_cancelled
            case ("release", how):
                db.session.flush()
                only = {the_placement("P022").uid: ""} if how == "only P022" else None
                publishing.publish(congress, notes=Localised(), by="x", now=now, only=only, tells_people=how != "held")
            case ("back", number) if number < programme.released(congress).number:
                publishing.return_to(congress, number, notes=Localised(), by="x", now=now, seen=0, tells_people=True)
            case ("deliver",):
                for reader in readers:
                    reader.reads()
            case ("register",):
                readers.append(Reader(minute))
    except programmes.NothingToRelease:
        pass
    db.session.flush()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=9))
def test_no_notice_without_a_change_and_no_change_without_a_notice(undone, story):
    undo = db.session.begin_nested()
    try:
        readers = [Reader(0)]
        for minute, step in enumerate(story, 1):
            do(step, minute * 2, readers)
        last = db.session.scalars(select(Release).order_by(Release.number.desc())).first()
        publishing.tell(the_congress(), last, now=NOW + timedelta(hours=1))  # what was held back is sent by hand
        for reader in readers:
            reader.reads()
            assert reader.knows == released(), "no change without a notice"
    finally:
        undo.rollback()
        db.session.expire_all()
