"""Who withdraws consent is taken out of what is released, and nobody is told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message
from congress.programme import queries as programme
from congress.programme import telling
from congress.programme.models import Release
from congress.programme.people import services
from congress.programme.people.models import Speaker
from congress.programme.publishing import queries as publishing
from congress.programme.services import release_programme
from congress.web import publishing as releasing
from tests.factories import NOW, the_congress, the_item
from tests.programme.people.test_services import BY, agree, make_speaker
from tests.programme.people.test_services import put as put_into
from tests.speaking import MAYORS


@pytest.fixture
def mayor(undone: Flask) -> Speaker:
    """Named in the mayors' session of release 2."""
    speaker = make_speaker()
    agree(speaker)
    put_into(the_item(MAYORS), speaker)
    release_programme(the_congress(), note=Localised(en="People."), by=BY, now=NOW)
    return speaker


def withdraw(speaker: Speaker) -> None:
    services.agree(speaker, may_be_named=False, may_show_photo=False, now=NOW + timedelta(hours=1))


def names() -> set[str]:
    return {name for entry in programme.released(the_congress()).entries for _part, name in entry.people}


def told() -> list[tuple[int, bool, object]]:
    chosen = select(Release.number, Release.are_people_told, Release.tell_at).order_by(Release.number)
    return [(number, is_told, tell_at) for number, is_told, tell_at in db.session.execute(chosen)]


def test_only_the_name_goes_whatever_else_waits_in_the_draft(mayor: Speaker):
    the_item(MAYORS).titles = Localised(en="Not yet", pl="Jeszcze nie")
    the_item("P022").titles = Localised(en="Nor this", pl="Ani to")
    db.session.flush()
    before = {entry.uid: entry for entry in programme.released(the_congress()).entries}

    withdraw(mayor)

    after = {entry.uid: entry for entry in programme.released(the_congress()).entries}
    differing = [uid for uid, entry in after.items() if entry != before[uid]]
    assert [before[uid].item for uid in differing] == [MAYORS]
    assert all(after[uid].same_content(before[uid].without({mayor.name})) for uid in differing)
    assert [after[uid].sequence - before[uid].sequence for uid in differing] == [1]


def test_nobody_is_told_and_there_is_no_release_where_nobody_was_named(mayor: Speaker):
    release_programme_told = select(Release).where(Release.number == 2)
    db.session.scalars(release_programme_told).one().are_people_told = True
    mails = db.session.scalars(select(Message.id)).all()

    withdraw(mayor)
    once = told()
    withdraw(mayor)
    releasing.tell(the_congress(), db.session.scalars(select(Release).where(Release.number == 3)).one(), now=NOW)

    assert (once[2], told()) == ((3, True, None), once)
    assert db.session.scalars(select(Message.id)).all() == mails


def test_mails_that_wait_go_on_waiting_and_say_nothing_of_the_name(mayor: Speaker):
    congress, due = the_congress(), NOW + timedelta(hours=2)
    second = db.session.scalars(select(Release).where(Release.number == 2)).one()
    second.are_people_told = True
    the_item("P022").titles = Localised(en="Renamed", pl="Przemianowane")
    release_programme(congress, note=Localised(en="Renamed."), by=BY, now=NOW)
    db.session.scalars(select(Release).where(Release.number == 3)).one().tell_at = due

    withdraw(mayor)

    assert told()[2:] == [(3, False, due), (4, False, due)]
    changed = telling.changes_of(congress, publishing.untold(congress))
    assert [(change.after.item, change.kinds) for change in changed] == [("P022", ("renamed",))]
