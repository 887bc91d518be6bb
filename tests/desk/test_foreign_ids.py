"""Every address of the desk that names a row, asked in one congress with the rows of another: nothing is found, nothing changes.

Whoever asks may do everything in their own congress. That the rows are there, and that the addresses find them, is asked first, by their own organiser.
"""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.queries import find_congress
from congress.core import vault
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.models import Window
from congress.delegates.vocabulary import Category, Step
from congress.networks.vocabulary import Field
from congress.outbox.models import Message
from congress.programme.documents.models import Document, StoredFile
from congress.programme.models import Contributor, Room, Venue
from congress.programme.offerings.models import Offering
from congress.programme.people.models import Speaker
from congress.programme.proposals.models import Proposal
from congress.programme.publishing.models import PlannedRelease
from congress.programme.vocabulary import Audience, OfferingKind, ProposalState
from congress.registration import services
from congress.registration.questions.models import Upload
from congress.registration.vocabulary import State
from tests.conftest import csrf_token
from tests.events.arranged import make_sign_up, the_event
from tests.factories import (
    HOSTS,
    NOW,
    everything,
    make_applicant,
    make_full_registration,
    make_registration,
    make_session,
    the_congress,
    the_placement,
)  # fmt: skip
from tests.registration.asking import PDF, make_question
from tests.web.test_wrong_links import address, make_stranger, rules

NEWSLETTER = "/krakowice2018/newsletter/"
# What names a row. Contacts are of the network and its cities; texts of mails, kinds and forms of files are the program's own.
NAMED = {
    "account_id", "code", "contributor_id", "delegation_id", "document_id", "message_id", "number", "offering_id", "other_id", "placement_id",
    "plan_id", "proposal_id", "public_id", "question_id", "registration_id", "role_id", "room_id", "sign_up_id", "speaker_id", "uid",
    "venue_id", "window_id",
}  # fmt: skip
NOT_ROWS = {"congress", "fingerprint", "kind", "language", "name", "slug", "suffix", "template"}
SHOWN_NOWHERE = {
    "account_id",
    "plan_id",
    "role_id",
    "sign_up_id",
}  # only changed, so no page can be asked whether the row is there
FIELDS = {
    "form": "f" * 36,
    "direction": "up",
    "decision": "confirm",
}  # without which some forms are refused before anything is looked for
# These lead to a list where there is no such entry; and to take away what is not there changes nothing, and is done.
ELSEWHERE = {"desk.conflicts.group", "desk.releases.only"}
NOTHING = {"desk.bookings.drop", "desk.windows.remove"}
SECRETS = ("Nomsa", "Ewa Obca", "paper.pdf", "Obce pytanie")  # which no answer may hold


def make_rows(app: Flask) -> dict[str, object]:
    """A row of each kind in the congress of 2018, as addresses name them."""
    begin_writing()
    congress, person, placement = the_congress(), make_full_registration(), the_placement("P037")
    delegation = person.delegate.delegation
    item = make_session(field=Field.LITERATURE, places=20)
    event = the_event()
    speaker = Speaker(congress_id=congress.id, name="Ewa Obca", email="ewa@talks.example")
    file, photo = (
        StoredFile(
            congress_id=congress.id, name="paper.pdf", media_type=kind, size=len(PDF), sha256=vault.digest(PDF), uploaded_at=NOW
        )
        for kind in ("application/pdf", "image/jpeg")
    )  # fmt: skip
    upload = Upload(
        registration_id=person.id, name="paper.pdf", media_type="application/pdf", size=len(PDF), sha256=vault.digest(PDF), uploaded_at=NOW
    )  # fmt: skip
    db.session.add_all([item, speaker, file, photo, upload])
    db.session.flush()
    for each in (file, photo, upload):
        vault.write(each.public_id, PDF)
    speaker.photo_id = photo.id
    contributor = Contributor(item_id=item.id, position=1, name="Ewa Obca", speaker_id=speaker.id)
    document = Document(
        item_id=item.id,
        titles=Localised(en="Paper"),
        audience=Audience.DELEGATES,
        proposal=ProposalState.WAITING,
        file_id=file.id,
    )
    wish = Proposal(item_id=item.id, content={"before": {}, "after": {}}, proposed_by="co@desk.example", proposed_at=NOW)
    offering = Offering(
        delegation_id=delegation.id,
        kind=OfferingKind.PROJECT,
        titles=Localised(en="Project"),
        descriptions=Localised(),
        offered_at=NOW,
    )
    plan = PlannedRelease(congress_id=congress.id, due_at=NOW, notes=Localised(), planned_by="o@desk.example")
    window = Window(congress_id=congress.id, step=Step.TRAVEL, closes_at=NOW)
    question, sign_up = make_question(labels=Localised(en="Secret question", pl="Obce pytanie")), make_sign_up(event)
    db.session.add_all([contributor, document, wish, offering, plan, window])
    db.session.flush()
    role = db.session.scalars(select(Role).where(Role.congress_id == congress.id)).one()
    message = db.session.scalars(select(Message).where(Message.congress_id == congress.id).limit(1)).one()
    named = {
        "account_id": role.account_id, "code": item.code, "contributor_id": contributor.id, "delegation_id": delegation.id,
        "document_id": document.id, "message_id": message.id, "number": 1, "offering_id": offering.id, "other_id": make_registration().id,
        "placement_id": placement.id, "plan_id": plan.id, "proposal_id": wish.id, "public_id": upload.public_id, "question_id": question.id,
        "registration_id": person.id, "role_id": role.id, "room_id": db.session.scalars(select(Room.id)).first(), "sign_up_id": sign_up.id,
        "speaker_id": speaker.id, "uid": placement.uid, "venue_id": db.session.scalars(select(Venue.id)).first(), "window_id": window.id,
    }  # fmt: skip
    account = db.session.get_one(Account, role.account_id)
    account.roles_held.append(Role(kind=RoleKind.FIELD_COORDINATOR, congress_id=congress.id, field=Field.LITERATURE))
    db.session.commit()
    return named


def make_own(app: Flask) -> dict[str, object]:
    """What the other congress has: a session, and somebody who comes; its organiser coordinates a field there, too."""
    begin_writing()
    other = find_congress("elsewhere2019")
    item = make_session(congress=other, field=Field.LITERATURE, places=20)
    db.session.add(item)
    account = db.session.scalars(select(Account).where(Account.email == "else@krakowice.example")).one()
    account.roles_held.append(Role(kind=RoleKind.FIELD_COORDINATOR, congress_id=other.id, field=Field.LITERATURE))
    applicant = make_applicant(city="", category=Category.PRESS)
    person = services.new_registration(
        other, applicant, None, state=State.STARTED, actor=HOSTS, key=app.config["SECRET_KEY"], now=NOW
    )
    db.session.flush()
    own = {"code": item.code, "registration_id": person.id}
    db.session.commit()
    return own


def named_rules(app: Flask) -> list[Rule]:
    return [rule for rule in rules(app, "/desk/<congress>/") if NAMED & (rule.arguments - set(rule.defaults or ()))]


def test_all_that_addresses_name_is_known_here(app: Flask):
    assert {name for rule in rules(app, "/desk/<congress>/") for name in rule.arguments} == NAMED | NOT_ROWS


def test_rows_of_another_congress_are_not_found_and_stay_as_they_are(app: Flask, organiser: FlaskClient):
    with app.app_context():
        foreign = make_rows(app)
    seen = set()
    for rule in named_rules(app):
        if "GET" in (rule.methods or ()) and not rule.arguments <= seen:
            answer = organiser.get(address(app, rule, congress="krakowice2018", **foreign))
            seen |= rule.arguments if answer.status_code == 200 or rule.endpoint in ELSEWHERE else set()
            answer.close()
    assert NAMED - seen == SHOWN_NOWHERE

    stranger = make_stranger(app)
    token = csrf_token(stranger, NEWSLETTER)
    with app.app_context():
        own = make_own(app)
        before = everything()
    wrong, asked = {}, 0
    for rule in named_rules(app):
        mixed = {"own and foreign": foreign | own} if len(NAMED & rule.arguments) > 1 else {}
        if mixed and rule.arguments <= {"congress", *own}:  # all of it can be their own, so it is one by one
            mixed = {f"own {name}": foreign | {name: own[name]} for name in rule.arguments & own.keys()}
        for what, values in ({"foreign": foreign} | mixed).items():
            path = address(app, rule, congress="elsewhere2019", **values)
            for method in {"GET", "POST"} & (rule.methods or set()):
                answer = stranger.open(path, method=method, data=FIELDS | {"csrf_token": token} if method == "POST" else None)
                expected = {303} if rule.endpoint in ELSEWHERE else {303, 404} if rule.endpoint in NOTHING else {404}
                if answer.status_code not in expected or any(secret in answer.text for secret in SECRETS):
                    wrong[f"{method} {rule.rule} ({what})"] = answer.status_code
                asked += 1
    with app.app_context():
        after = everything()
    changed = {table for table in before if before[table] != after[table]}
    # That somebody asked for a file with data of people is written down before it is looked for.
    assert (wrong, changed, asked > 130) == ({}, {"audit_entries"}, True)
