"""Proposing and deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.vocabulary import Field
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme.models import Contributor
from congress.programme.planning import history, items
from congress.programme.proposals import content, queries, services
from congress.programme.vocabulary import Action, Part, ProposalState
from congress.web import mail_proposals
from tests.factories import NOW, make_session

LIDIA, OLGA = "lidia@krakowice.example", "olga@krakowice.example"


def make_field_session():
    """A session of the literature subgroup in which two people speak who agreed to be named."""
    session = make_session(field=Field.LITERATURE, titles=Localised(en="Books", pl="Książki"))
    session.contributors = [Contributor(name=name, may_be_named=True) for name in ("Ada Nowa", "Lukasz Zolty")]
    db.session.add(session)
    db.session.flush()
    return session


def seen(session):
    waiting = queries.waiting_of(session)
    return content.fingerprint(queries.values(session), waiting.id if waiting else None)


def propose(session, by=LIDIA, **changes):
    wanted = queries.values(session) | changes
    return services.propose(session, wanted, seen=seen(session), remark="", by=by, now=NOW)


def approve(proposal, seen_=None):
    services.approve(
        proposal, seen=seen_ or seen(proposal.item), language="pl", by=OLGA, now=NOW + timedelta(hours=1)
    )  # fmt: skip


def mails():
    chosen = select(Message).where(Message.template.startswith("proposal_")).order_by(Message.id)
    return [(each.template, each.recipient, each.language) for each in db.session.scalars(chosen)]


def test_a_proposal_keeps_what_differs_and_leaves_the_draft_alone(undone):
    session = make_field_session()
    before = queries.values(session)
    made = propose(session, titles={"en": "Books", "pl": "Literatura"}, takes_guests=True)
    assert made.content == {"before": before, "after": {"titles": {"pl": "Literatura"}, "takes_guests": True}}
    assert queries.values(session) == before


def test_what_the_draft_says_cannot_be_proposed(undone):
    with pytest.raises(services.NothingProposed):
        propose(make_field_session())


def test_a_later_proposal_takes_the_place_of_the_one_that_waits(undone):
    session = make_field_session()
    first, second = propose(session, takes_guests=True), propose(session, titles={"en": "Letters"}, by="deputy@krakowice.example")
    assert (first.state, second.state, queries.waiting_of(session)) == (ProposalState.REPLACED, ProposalState.WAITING, second)


def test_to_propose_what_the_draft_says_takes_the_proposal_back(undone):
    session = make_field_session()
    made = propose(session, takes_guests=True)
    assert (propose(session), made.state, queries.waiting_of(session)) == (None, ProposalState.REPLACED, None)


def test_of_coordinator_and_deputy_who_saw_the_same_page_the_second_is_told(undone):
    session = make_field_session()
    page = seen(session)
    propose(session, takes_guests=True)
    with pytest.raises(services.ChangedMeanwhile):
        services.propose(session, queries.values(session), seen=page, remark="", by=OLGA, now=NOW)


def test_approving_writes_into_the_draft_and_its_history_and_tells_who_proposed(undone):
    session = make_field_session()
    version = session.version
    made = propose(session, titles={"en": "Letters", "pl": "Litery"}, descriptions={"en": "10:00 Welcome"}, takes_guests=True)
    approve(made)
    (change,) = history.changes_of_item(session)
    assert (session.titles, session.descriptions, session.takes_guests) == (
        Localised(en="Letters", pl="Litery"),
        Localised(en="10:00 Welcome"),
        True,
    )
    assert (change.action, change.made_by, change.before["titles"], change.after["titles"]) == (
        Action.APPROVED, OLGA, {"en": "Books", "pl": "Książki"}, {"en": "Letters", "pl": "Litery"},
    )  # fmt: skip
    assert (made.state, made.decided_by, session.version > version) == (ProposalState.APPROVED, OLGA, True)
    assert mails() == [("proposal_approved", LIDIA, "pl")]


def test_people_are_ordered_added_and_left_out_and_consent_stays_with_the_person(undone):
    session = make_field_session()
    ada, lukasz = (each.id for each in session.contributors)
    people = [
        {"id": lukasz, "part": "chair", "name": "Łukasz Żółty", "minutes": None},
        {"id": ada, "part": "speaker", "name": "Ewa Inna", "minutes": 10},
        {"id": None, "part": "mayor", "name": "Jan Nowy", "minutes": 5},
    ]
    approve(propose(session, contributors=people))
    db.session.expire_all()
    assert [(each.id == lukasz, each.part, each.name, each.minutes, each.may_be_named) for each in session.contributors] == [
        (True, Part.CHAIR, "Łukasz Żółty", None, True),
        (False, Part.SPEAKER, "Ewa Inna", 10, False),
        (False, Part.MAYOR, "Jan Nowy", 5, False),
    ]
    approve(propose(session, contributors=queries.values(session)["contributors"][:1]))
    db.session.expire_all()
    assert [each.name for each in session.contributors] == ["Łukasz Żółty"]


def test_what_organisers_wrote_meanwhile_is_not_overwritten_unseen(undone):
    session = make_field_session()
    made = propose(session, titles={"en": "Letters", "pl": "Książki"})
    page = seen(session)
    session.takes_guests, session.titles = True, Localised(en="Books", pl="Literatura")
    db.session.flush()
    with pytest.raises(services.ChangedMeanwhile):
        approve(made, page)
    approve(made)
    assert (session.titles, session.takes_guests) == (Localised(en="Letters", pl="Literatura"), True)


def test_a_decision_is_made_once(undone):
    made = propose(make_field_session(), takes_guests=True)
    services.reject(made, reason="Not now", language="en", by=OLGA, now=NOW)
    with pytest.raises(services.DecidedAlready):
        approve(made)
    with pytest.raises(services.DecidedAlready):
        services.reject(made, reason="Not now", language="en", by=OLGA, now=NOW)
    assert (made.state, made.reason, made.item.takes_guests) == (ProposalState.REJECTED, "Not now", False)
    assert mails() == [("proposal_rejected", LIDIA, "en")]


def test_people_who_are_approved_count_as_a_change_of_the_session(undone):
    session = make_field_session()
    version = session.version
    people = [{**each, "minutes": 15} for each in queries.values(session)["contributors"]]
    approve(propose(session, contributors=people))
    assert session.version > version


def test_of_a_session_that_was_deleted_nobody_is_told_that_a_proposal_was_approved(undone):
    session = make_field_session()
    approve(propose(session, takes_guests=True))
    message = db.session.scalars(select(Message).where(Message.template == services.APPROVED)).one()
    assert mail_proposals.CONTENTS[message.template].content(message).values["title"] == "Books"

    items.delete(session, seen=session.version, since=0, by=OLGA, now=NOW)

    with pytest.raises(NotWanted):
        mail_proposals.CONTENTS[message.template].content(message)
