"""Speakers, and coordinators of a field, are told when a release changes their sessions."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme import queries as programme
from congress.programme import services as programmes
from congress.programme.models import Contributor, Release
from congress.programme.people.models import Speaker
from congress.registration import notices, speaker_notices
from congress.web.mail import compose
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement
from tests.statements import statements


def make_speaker(code: str, name: str = "Ewa Nowak", email: str = "ewa@talks.example") -> Speaker:
    speaker = Speaker(congress_id=the_congress().id, name=name, email=email, language="pl", may_be_named=True)
    db.session.add(speaker)
    db.session.flush()
    item = the_item(code)
    item.contributors.append(Contributor(name=name, speaker_id=speaker.id, may_be_named=True))
    db.session.flush()
    return speaker


def make_coordinator(field: str, email: str = "co@music.example") -> Account:
    account = Account(email=email, name="Jan Coordinator", language="en", fs_uniquifier=email, created_at=NOW)
    account.roles_held.append(Role(kind=RoleKind.FIELD_COORDINATOR, congress_id=the_congress().id, field=field))
    db.session.add(account)
    db.session.flush()
    return account


def rename(code: str, title: str) -> None:
    the_item(code).titles = Localised(the_item(code).titles, en=title)


def release() -> Release:
    """What is there so far is released first, so that each test tells of its own changes."""
    made, _changes = programmes.release_programme(the_congress(), note=Localised(), by="", now=NOW)
    return made


def tell(*group: Release) -> list[tuple[str, list[str]]]:
    speaker_notices.tell_of(the_congress(), group, now=NOW)
    found = db.session.scalars(select(Message).where(Message.template == speaker_notices.TEMPLATE).order_by(Message.id))
    codes = {each.uid: each.code for each in programme.released(the_congress()).entries}
    return [(each.recipient, [codes[uid] for uid in each.facts["entries"]]) for each in found]


def a_session_of_a_field() -> tuple[str, str]:
    entry = next(each for each in programme.released(the_congress()).entries if each.kind == "subgroup" and each.field)
    return entry.code, entry.field


def test_a_speaker_and_a_coordinator_are_told_of_their_own_sessions_only(undone):
    code, field = a_session_of_a_field()
    make_speaker("P022")
    make_coordinator(field)
    make_coordinator("gastronomy" if field != "gastronomy" else "design", email="other@field.example")
    release()
    rename("P022", "Grand opening")
    rename(code, "Another subject")
    rename("P024", "Reports")
    assert tell(release()) == [("ewa@talks.example", ["P022"]), ("co@music.example", [code])]


def test_who_is_both_gets_one_mail(undone):
    code, field = a_session_of_a_field()
    make_speaker("P022")
    make_coordinator(field, email="Ewa@talks.example")
    release()
    rename("P022", "Grand opening")
    rename(code, "Another subject")
    (mail,) = tell(release())
    assert (mail[0], sorted(mail[1])) == ("ewa@talks.example", sorted(["P022", code]))


def test_who_was_taken_out_of_a_session_is_told(undone):
    make_speaker("P022")
    release()
    item = the_item("P022")
    item.contributors.clear()
    assert tell(release()) == [("ewa@talks.example", ["P022"])]


def test_what_the_digest_of_a_registered_speaker_tells_is_not_told_twice(undone):
    make_registration(email="ewa@talks.example")
    make_speaker("P022")
    make_speaker("P048", name="Ola Lis", email="ola@talks.example")
    release()
    rename("P022", "Grand opening")
    made = release()
    assert notices.tell_people(the_congress(), made, now=NOW) > 0
    assert tell(made) == []


def test_a_speaker_without_an_address_and_one_for_whom_nothing_changed_get_nothing(undone):
    make_speaker("P022", email="")
    make_speaker("P024", name="Jan Cichy", email="quiet@talks.example")
    release()
    rename("P022", "Grand opening")
    assert tell(release()) == []


def test_the_mail_tells_what_was_and_is_in_the_speakers_language_and_once(context):
    make_speaker("P022")
    release()
    the_item("P022").titles = Localised(en="Grand opening", pl="Wielkie otwarcie")
    second = release()
    tell(second)
    the_item("P022").titles = Localised(en="Splendid opening", pl="Wspaniałe otwarcie")
    third = release()
    tell(third)
    first, later = db.session.scalars(select(Message).where(Message.template == speaker_notices.TEMPLATE).order_by(Message.id))

    with time_machine.travel(NOW, tick=False):
        text = compose(first).get_body(("plain",)).get_content()
    first.state = MessageState.SENT
    db.session.flush()
    left = speaker_notices.news(the_congress(), later.about, later.facts, now=NOW).changes

    assert ("Wspaniałe otwarcie" in text, "Wielkie otwarcie" in text, left) == (True, False, [])


def test_whom_it_concerns_is_asked_in_as_many_statements_for_many_as_for_one(undone):
    make_speaker("P022")
    release()
    rename("P022", "Grand opening")
    pending = programmes.pending_changes(the_congress())
    counts = []
    for more in (0, 3):
        for number in range(more):
            make_speaker("P022", name=f"Speaker {number}", email=f"s{number}@talks.example")
            make_coordinator("music", email=f"c{number}@music.example")
        congress = the_congress()
        with statements() as asked:
            found = speaker_notices.concerned(congress, pending, now=NOW)
        counts.append((len(found), len(asked)))
    assert counts == [(1, counts[0][1]), (4, counts[0][1])]


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_cancelled_session_is_told_as_cancelled(undone, is_cancelled):
    make_speaker("P022")
    release()
    the_placement("P022").is_cancelled = is_cancelled
    rename("P022", "Grand opening")
    (change,) = programmes.pending_changes(the_congress())
    assert (tell(release()), "cancelled" in change.kinds) == ([("ewa@talks.example", ["P022"])], is_cancelled)
