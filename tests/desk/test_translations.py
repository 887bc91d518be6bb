"""``/desk/<congress>/translations/``: what lacks a translation, and the way to its form."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised, missing
from congress.demo import ORGANISER
from congress.outbox import texts
from congress.programme.conflicts import ConflictKind
from congress.programme.models import Placement, Room
from congress.programme.offerings.models import Offering
from congress.programme.planning import checks, history
from congress.programme.vocabulary import OfferingKind, OfferingState
from congress.registration.organising import untranslated
from congress.registration.organising.untranslated import Of
from tests.conftest import csrf_token, sign_in_as
from tests.factories import NOW, give_room, make_session, the_congress, the_item
from tests.programme.people.test_services import make_speaker
from tests.registration.asking import make_question
from tests.statements import statements

PAGE = "/desk/krakowice2018/translations/"


def test_what_lacks_where_something_is_needed_and_where_it_may_be_left_out():
    languages = ["en", "pl", "fr"]
    assert missing(languages, Localised(en="A", pl="B", fr="C"), Localised()) == ()
    assert missing(languages, Localised(en="A")) == ("pl", "fr")
    assert missing(languages, Localised(en="A", pl="B", fr="C"), Localised(pl="D")) == ("en", "fr")
    assert missing(languages, Localised()) == ("en", "pl", "fr")


def test_the_items_are_those_of_the_conflicts(context: Flask):
    congress = the_congress()
    congress.languages = ["en", "pl", "fr"]
    session = make_session(titles=Localised(en="Harps", pl="Harfy", fr="Harpes"), descriptions=Localised(pl="Opis"))
    db.session.add(session)
    db.session.flush()
    codes = {each.uid: each.code for each in db.session.scalars(select(Placement))}
    items = {placement.code: placement.item.code for placement in db.session.scalars(select(Placement))}
    found = [each for each in checks.findings(congress, now=now()) if each.kind is ConflictKind.TRANSLATION_MISSING]
    told = {(items[codes[each.uids[0]]], each.conflict.facts) for each in found}
    gaps = {(gap.key, gap.languages) for gap in untranslated.gaps(congress) if gap.of is Of.ITEM}
    assert (gaps, (session.code, ("en", "fr")) in gaps, len(gaps) > 50) == (told, True, True)


def test_each_kind_leads_to_its_form_and_languages_are_counted(organiser: FlaskClient, app: Flask):
    with app.app_context():
        congress = the_congress()
        before = untranslated.gaps(congress)
        the_item("P001").titles = Localised(en="Only in English")
        room = db.session.scalars(select(Room).order_by(Room.id)).first()
        room.names = Localised(pl="Tylko po polsku")
        speaker = make_speaker(functions=Localised(en="Poet"))
        question = make_question(labels=Localised(en="Which harp?"))
        texts.word(congress.id, "registration_received", "en", subject="Ours", body="Ours", was="", by="test", now=NOW)
        congress.themes = Localised(en="Only in English")
        room.venue.names = Localised(pl="Tylko po polsku")
        offering = Offering(
            delegation=give_room("kanazawa"), offered_at=NOW, state=OfferingState.CHOSEN, kind=OfferingKind.PROJECT,
            titles=Localised(en="Letters"), descriptions=Localised(en="People wrote."), presenter="", minutes=10, website="",
        )  # fmt: skip
        db.session.add(offering)
        db.session.flush()
        keys = room.id, speaker.id, question.id, room.venue_id, offering.id
        db.session.commit()
        gaps = untranslated.gaps(congress)
        numbers = untranslated.counts(gaps, ["en", "pl"])
    assert len(gaps) == len(before) + 8
    page = organiser.get(PAGE).text
    for address in (
        "items/P001/edit", f"venues/rooms/{keys[0]}", f"speakers/{keys[1]}/edit", f"questions/{keys[2]}/edit",
        "mails/texts/registration_received/pl", "settings/", f"venues/{keys[3]}/edit", f"offerings/{keys[4]}/words",
    ):  # fmt: skip
        assert f'href="/desk/krakowice2018/{address}"' in page, address
        assert organiser.get(f"/desk/krakowice2018/{address}").status_code == 200
    assert [int(number) for number in re.findall(r"lang\w*=(?:en|pl).*?chip-count\">(\d+)<", page)] == [
        numbers["en"],
        numbers["pl"],
    ]
    assert (page.count('<th scope="row">'), page.count('<th scope="row"><a href="')) == (
        len(gaps),
        len(gaps),
    )  # each can be filled in
    only = organiser.get(f"{PAGE}?language=en&of=room").text
    assert ("Tylko po polsku" in only, "Only in English" in only) == (True, False)


def test_it_asks_the_database_the_same_for_one_and_for_three(app: Flask, organiser: FlaskClient):
    def asked() -> int:
        with app.app_context(), statements() as said:
            organiser.get(PAGE)
        return len(said)

    organiser.get(PAGE)
    one = asked()
    with app.app_context():
        for _number in range(3):
            db.session.add(make_session(titles=Localised(en="Only in English")))
        db.session.commit()
    assert asked() == one


def test_it_is_for_organisers(app: Flask):
    assert sign_in_as(app, RoleKind.REGISTRATION_DESK).get(PAGE).status_code == 403


def test_what_a_city_wrote_in_one_language_is_written_in_the_other_by_organisers(app: Flask, organiser: FlaskClient):
    with app.app_context():
        item = the_item("P026")
        offering = Offering(
            delegation=give_room("kanazawa"), offered_at=NOW, state=OfferingState.CHOSEN, kind=OfferingKind.PROJECT, item=item, position=0,
            titles=Localised(en="Letters", ja="手紙"), descriptions=Localised(en="People wrote."), presenter="", minutes=10, website="",
        )  # fmt: skip
        db.session.add(offering)
        db.session.commit()
        number, version = offering.id, str(offering.version)
    page = f"/desk/krakowice2018/offerings/{number}/words"
    data = {
        "csrf_token": csrf_token(organiser, page),
        "version": version,
        "title_en": "Letters",
        "title_pl": "Listy",
        "description_en": "",
    }
    assert organiser.post(page, data=data).status_code == 422
    data |= {"description_en": "People wrote.", "description_pl": "Ludzie pisali."}
    assert [organiser.post(page, data=data).status_code for _twice in range(2)] == [
        303,
        409,
    ]  # the second one saw an older version
    with app.app_context():
        kept = db.session.get_one(Offering, number)
        changes = [
            (change.made_by, change.after["presentations"][0]["titles"]["pl"]) for change in history.changes_of_item(kept.item)
        ]
    assert (kept.titles, kept.descriptions) == (
        Localised(en="Letters", ja="手紙", pl="Listy"), Localised(en="People wrote.", pl="Ludzie pisali."),
    )  # fmt: skip
    assert changes == [(ORGANISER, "Listy")]
