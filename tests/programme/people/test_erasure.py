"""Speakers who are erased, and the names in the history of the draft."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme.models import Contributor
from congress.programme.people import erasure, queries, services
from congress.programme.people.models import Speaker
from congress.programme.people.photos import check
from congress.programme.planning.models import DraftChange, Unavailability
from congress.programme.proposals import queries as proposals
from congress.programme.proposals import services as proposing
from congress.programme.proposals.content import fingerprint
from congress.programme.proposals.models import Proposal
from congress.programme.services import release_programme
from congress.programme.vocabulary import Part
from congress.registration import privacy
from congress.web import purging
from tests.factories import HOSTS, NOW, everything, make_registration, the_congress, the_item, utc
from tests.programme.people.test_services import BY, agree, make_speaker, put
from tests.programme.people.test_withdrawing import names
from tests.speaking import MAYORS, picture

NAME, ADDRESS = "Łucja Murawska", "lucja@kanazawa.example"


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Łucja Murawska, poet", "–, poet"),
        ("by ŁUCJA MURAWSKA", "by –"),
        ("Łucja Murawskaja", "Łucja Murawskaja"),
        ([{"name": "L. M.", "speaker_id": 7}, 5, None], [{"name": "–", "speaker_id": None}, 5, None]),
        ({"contributors": [{"name": "A B", "speaker_id": 8}]}, {"contributors": [{"name": "A B", "speaker_id": 8}]}),
    ],
)
def test_a_name_is_masked_wherever_it_stands(value: Any, left: Any):
    assert erasure.masked(value, NAME, 7) == left


@pytest.fixture
def mayor(undone: Flask) -> Speaker:
    """Somebody of whom everything is known that can be: released, proposed, with photo, link, mail and absence."""
    speaker, item = make_speaker(NAME, email=ADDRESS), the_item(MAYORS)
    agree(speaker)
    photo: Checked = check("me.jpg", io.BytesIO(picture()))
    services.set_photo(speaker, photo, by=ADDRESS, now=NOW)
    services.link_token(speaker, "key")
    services.send_link(speaker, now=NOW)
    mail = db.session.scalars(select(Message).where(Message.recipient == ADDRESS)).one()
    mail.state, mail.sent_at = MessageState.SENT, NOW
    away = {"starts_at": utc(2018, 6, 12, 7), "ends_at": utc(2018, 6, 12, 8)}
    db.session.add(Unavailability(congress_id=speaker.congress_id, speaker_id=speaker.id, **away))
    put(item, speaker, Part.MAYOR, minutes=5)
    values = proposals.values(item)
    wanted = {**values, "titles": {**values["titles"], "en": f"With {NAME}"}}
    proposing.propose(item, wanted, seen=fingerprint(values), remark=f"{NAME} comes late", by=BY, now=NOW)
    release_programme(the_congress(), note=Localised(en="People."), by=BY, now=NOW)
    return speaker


def told(*tables: str) -> str:
    """All that these tables hold."""
    rows = everything()
    return json.dumps([rows[table] for table in tables], default=str, ensure_ascii=False)


PERSONAL = ("speakers", "contributors", "draft_changes", "proposals", "stored_files", "unavailabilities", "messages")


def test_of_an_erased_speaker_nothing_is_left_but_the_record_of_the_release(mayor: Speaker):
    before = told(*PERSONAL)
    erasure.erase(mayor, by=BY, now=NOW + timedelta(hours=1))
    after = told(*PERSONAL)

    assert (NAME in before, ADDRESS in before) == (True, True)
    assert (NAME in after, ADDRESS in after) == (False, False)
    assert db.session.scalars(select(Unavailability.id)).all() == []
    assert NAME not in names()
    assert NAME in told("released_entries")
    changes = db.session.scalars(
        select(DraftChange).where(DraftChange.item_id == the_item(MAYORS).id).order_by(DraftChange.id)
    ).all()
    assert [person["name"] for person in changes[-1].before["contributors"]][-1] == "–"


def test_a_delegate_who_is_erased_is_erased_as_a_speaker_but_not_who_shares_only_name_or_address(mayor: Speaker):
    delegate = make_registration(given_name="Łucja", family_name="Murawska", email=ADDRESS.upper())
    namesake, secretary = make_speaker("Murawska Łucja"), make_speaker("Jan Sekretarz", email=ADDRESS)
    sure, perhaps = privacy.speakers_of(the_congress(), [delegate])[delegate.id]
    assert ([each.id for each in sure], {each.id for each in perhaps}) == ([mayor.id], {namesake.id, secretary.id})
    assert [each["name"] for each in privacy.own_data(delegate)["speaker"]] == [NAME]

    privacy.erase(delegate, actor=HOSTS, now=NOW)

    assert {each.name for each in queries.speakers(the_congress())} == {"Murawska Łucja", "Jan Sekretarz"}
    assert NAME not in told("contributors", "draft_changes", "proposals")


@pytest.mark.parametrize(("days", "is_kept"), [(90, True), (91, False)])
def test_the_purge_forgets_addresses_absences_and_who_changed_whose_part(mayor: Speaker, days: int, is_kept: bool):
    proposing.reject(db.session.scalars(select(Proposal)).one(), reason=NAME, language="en", by=BY, now=NOW)
    done = privacy.purge(the_congress(), now=utc(2018, 6, 15, 12) + timedelta(days=days))

    left = told("draft_changes", "proposals", "unavailabilities") + "".join(
        db.session.scalars(select(Message.recipient).where(Message.about == f"speaker:{mayor.id}"))
    )
    assert [each in left for each in (BY, ADDRESS, "contributors")] == [is_kept] * 3
    assert (mayor.email, "history" in done, done.get("speakers")) == ((ADDRESS, False, None) if is_kept else ("", True, 1))
    assert set(done) <= set(purging.LABELS)
    # What the person agreed to show stays with the programme, and may still be withdrawn.
    assert (mayor.name, mayor.photo is not None, mayor.link_digest is not None) == (NAME, True, True)
    assert db.session.scalars(select(Contributor.name).where(Contributor.speaker_id == mayor.id)).all() == [NAME]
    assert "history" not in privacy.purge(the_congress(), now=utc(2018, 6, 15, 12) + timedelta(days=days))
