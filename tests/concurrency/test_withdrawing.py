"""A speaker withdraws consent while a release comes out that would name the speaker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme import services as programme
from congress.programme.people import services as people
from congress.programme.people.models import Speaker
from tests.concurrency.test_races import at_once
from tests.factories import NOW, the_congress
from tests.speaking import put, speaker

NAME = "Nomsa Sprecherin"


@pytest.fixture
def both(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[threading.Event], object]], set[str]]:
    """Release, and withdraw once the release has read the draft; ``then`` happens in the release before it writes.

    Who of this name is in the released programme in the end.
    """
    number, _public_id, _token = speaker(NAME, agrees=True)
    put(number)

    def run(then: Callable[[threading.Event], object]) -> set[str]:
        has_read, is_withdrawn, real = threading.Event(), threading.Event(), programme.pending_changes

        def read(congress):
            found = real(congress)
            has_read.set()
            then(is_withdrawn)
            return found

        monkeypatch.setattr(programme, "pending_changes", read)

        def act(which: int) -> None:
            if which == 0:
                begin_writing()
                programme.release_programme(the_congress(), note=Localised(en="People."), by="x", now=NOW)
                return
            has_read.wait(20)
            begin_writing()
            people.agree(db.session.get_one(Speaker, number), may_be_named=False, may_show_photo=False, now=NOW)
            db.session.commit()
            is_withdrawn.set()

        at_once(context, 2, act)
        db.session.rollback()
        return {name for entry in queries.released(the_congress()).entries for _part, name in entry.people} & {NAME}

    return run


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")  # SQLite has one writer anyway
def test_without_the_lock_a_release_names_who_has_withdrawn_meanwhile(both, monkeypatch: pytest.MonkeyPatch):
    for each in (programme, people):
        monkeypatch.setattr(each, "lock", lambda row: row)
    assert both(lambda is_withdrawn: is_withdrawn.wait(20)) == {NAME}


def test_whoever_withdraws_while_a_release_comes_out_is_named_by_none(both):
    assert both(lambda _is_withdrawn: time.sleep(0.4)) == set()
