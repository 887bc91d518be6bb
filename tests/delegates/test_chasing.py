"""Invitations, reminders and links: to whom, once, and never to somebody who has handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from congress.core.db import db
from congress.core.tokens import digest
from congress.delegates import chasing, queries, services
from congress.delegates.chasing import Written
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.refusals import NobodyToWriteTo, WrongState
from congress.delegates.rules import Recipient
from congress.delegates.vocabulary import DelegationState
from congress.networks import queries as networks
from congress.networks.vocabulary import ContactKind
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web.mail import compose
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress, the_network

BY = "olga@krakowice.example"
SUCCESSOR = Recipient("Mei Successor", "mei@kanazawa.example", "pl")


@pytest.fixture
def kanazawa(undone) -> Delegation:
    """The delegation of Kanazawa, whose two contacts were invited."""
    make_contact("kanazawa")
    make_contact("kanazawa", ContactKind.MAYOR, language="pl")
    assert invite("kanazawa") == Written(1, 2)
    return delegation_of("kanazawa")


def invite(*slugs: str) -> Written:
    return chasing.invite(the_congress(), [the_city(slug) for slug in slugs], by=BY, now=NOW)


def delegation_of(slug: str) -> Delegation:
    return services.delegation_of(the_congress(), the_city(slug))


def told(template: str) -> list[tuple[str, str]]:
    """To whom this mail was queued, and in which language."""
    found = db.session.scalars(select(Message).where(Message.template == template).order_by(Message.id))
    return [(each.recipient, each.language) for each in found]


def history(delegation: Delegation) -> list[tuple[str, str, int]]:
    found = db.session.scalars(
        select(DelegationEvent).where(DelegationEvent.delegation_id == delegation.id).order_by(DelegationEvent.id)
    )
    return [(each.kind.value, each.by, each.version) for each in found]


def mail(template: str, place: int = 0) -> str:
    """The text of a queued mail as it would leave now."""
    found = db.session.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()
    composed = compose(found[place])
    return f"{composed['Subject']}\n\n{composed.get_body(('plain',)).get_content()}"


def key() -> str:
    return current_app.config["SECRET_KEY"]


def test_an_invitation_goes_to_each_contact_in_the_own_language_and_is_written_down(kanazawa):
    assert told("delegation_invited") == [("main@kanazawa.example", "en"), ("mayor@kanazawa.example", "pl")]
    assert (kanazawa.state, kanazawa.invited_at, kanazawa.active_at) == (DelegationState.INVITED, NOW, NOW)
    assert kanazawa.holder == Recipient("Kenji Contact", "main@kanazawa.example", "en")
    assert history(kanazawa) == [("invited", BY, 2)]


def test_a_second_click_invites_nobody(kanazawa):
    assert invite("kanazawa") == Written(0, 0)
    assert len(told("delegation_invited")) == 2


def test_a_city_without_an_address_is_named_and_stays_as_it_is(undone):
    make_contact("kanazawa", email="")
    assert invite("kanazawa") == Written(0, 0, (the_city("kanazawa"),))
    assert delegation_of("kanazawa").state is DelegationState.NOT_INVITED


def test_the_mail_carries_the_link_that_opens_the_delegation(kanazawa):
    said = mail("delegation_invited")
    token = said.partition("/my/delegation/")[2].partition("/")[0]
    assert queries.find_by_link(token) is kanazawa
    assert "City: Kanazawa" in said
    assert "Places for your city: 3" in said


@pytest.mark.parametrize("state", [DelegationState.SUBMITTED, DelegationState.DECLINED, DelegationState.NOT_INVITED])
def test_nobody_is_reminded_whose_turn_it_is_not(kanazawa, state):
    kanazawa.state = state
    assert chasing.remind(the_congress(), [kanazawa.id], by=BY, now=NOW) == Written(0, 0)


def test_a_reminder_is_sent_once_a_day_and_is_no_sign_of_the_city(kanazawa):
    later = NOW + timedelta(days=20)
    results = [
        chasing.remind(the_congress(), [kanazawa.id], by=BY, now=later + wait)
        for wait in (timedelta(0), timedelta(hours=1), timedelta(days=1))
    ]
    assert results == [Written(1, 2), Written(0, 0), Written(1, 2)]
    assert kanazawa.active_at == NOW
    assert kanazawa.is_silent(later)
    assert history(kanazawa) == [("invited", BY, 2), ("reminded", BY, 3), ("reminded", BY, 4)]


def test_only_those_that_were_chosen_are_reminded(kanazawa):
    make_contact("bologna")
    invite("bologna")
    chasing.remind(the_congress(), [delegation_of("bologna").id], by=BY, now=NOW)
    assert told("delegation_reminded") == [("main@bologna.example", "en")]


def test_a_reminder_says_what_is_missing(kanazawa):
    chasing.remind(the_congress(), [kanazawa.id], by=BY, now=NOW)
    assert "Nobody is named yet." in mail("delegation_reminded")
    make_registration()
    assert "1 person has registered; please send the delegation" in mail("delegation_reminded")
    kanazawa.state = DelegationState.SUBMITTED
    assert "arrival and departure" in mail("delegation_reminded")
    assert "data of your delegation are missing" in mail("delegation_reminded")


def test_a_city_that_was_sent_is_reminded_where_its_people_lack_something(kanazawa):
    kanazawa.state = DelegationState.CONFIRMED
    assert chasing.remind(the_congress(), [kanazawa.id], lacking=[kanazawa.id], by=BY, now=NOW) == Written(1, 2)


def test_a_reminder_that_is_no_longer_true_does_not_leave(kanazawa):
    chasing.remind(the_congress(), [kanazawa.id], by=BY, now=NOW)
    kanazawa.state = DelegationState.SUBMITTED
    with pytest.raises(NotWanted, match="has answered"):
        mail("delegation_reminded")


def test_a_new_link_ends_the_old_one_and_goes_to_all(kanazawa):
    old = services.link_token(kanazawa, key())
    assert chasing.send_new_link(kanazawa, key=key(), by=BY, now=NOW) == Written(1, 2)
    new = services.link_token(kanazawa, key())
    assert [queries.find_by_link(token) for token in (old, new)] == [None, kanazawa]
    assert [each for each, _language in told("delegation_link")] == ["main@kanazawa.example", "mayor@kanazawa.example"]


def test_without_an_address_the_old_link_stays(undone):
    delegation = delegation_of("kanazawa")
    old = services.link_token(delegation, key())
    with pytest.raises(NobodyToWriteTo):
        chasing.send_new_link(delegation, key=key(), by=BY, now=NOW)
    assert queries.find_by_link(old) is delegation


def test_after_a_link_was_revoked_no_queued_mail_brings_another_one(kanazawa):
    old = services.link_token(kanazawa, key())
    services.issue_code(kanazawa, key=key(), by=BY, now=NOW)
    services.revoke_link(kanazawa, by=BY, now=NOW)
    with pytest.raises(NotWanted, match="revoked"):
        mail("delegation_invited")
    assert (queries.find_by_link(old), kanazawa.link_digest, kanazawa.code_digest) == (None, None, None)
    chasing.send_new_link(kanazawa, key=key(), by=BY, now=NOW)
    assert queries.find_by_link(services.link_token(kanazawa, key())) is kanazawa


def test_a_successor_gets_the_link_and_the_one_before_gets_nothing_more(kanazawa):
    old = services.link_token(kanazawa, key())
    chasing.hand_over(kanazawa, SUCCESSOR, key=key(), by=BY, now=NOW)
    assert queries.find_by_link(old) is None
    assert told("delegation_handed_over") == [(SUCCESSOR.email, "pl")]
    assert kanazawa.holder == SUCCESSOR
    contact = networks.find_contact(the_network(), the_city("kanazawa"), ContactKind.MAIN)
    assert (contact.name, contact.email, contact.language) == (SUCCESSOR.name, SUCCESSOR.email, "pl")
    with pytest.raises(NotWanted, match="somebody else"):
        mail("delegation_invited")  # to the one before, still queued
    chasing.remind(the_congress(), [kanazawa.id], by=BY, now=NOW)
    assert [each for each, _language in told("delegation_reminded")] == [SUCCESSOR.email, "mayor@kanazawa.example"]


def test_handing_over_leaves_the_mayor_who_shares_the_address_alone(undone):
    make_contact("kanazawa", ContactKind.MAYOR)
    invite("kanazawa")
    chasing.hand_over(delegation_of("kanazawa"), SUCCESSOR, key=key(), by=BY, now=NOW)
    assert networks.find_contact(the_network(), the_city("kanazawa"), ContactKind.MAYOR).email == "mayor@kanazawa.example"


def test_a_code_is_stored_bound_to_the_key_and_ends_with_the_next_one(kanazawa):
    first = services.issue_code(kanazawa, key=key(), by=BY, now=NOW)
    assert kanazawa.code_digest not in {digest(first), digest(first.replace("-", ""))}
    second = services.issue_code(kanazawa, key=key(), by=BY, now=NOW)
    found = [queries.find_by_code(the_congress(), services.code_digest(code, key())) for code in (first, second, second.lower())]
    assert found == [None, kanazawa, kanazawa]
    assert queries.find_by_code(the_congress(), services.code_digest(second, "another key")) is None


def test_a_letter_with_a_code_is_an_invitation(undone):
    delegation = delegation_of("kanazawa")
    services.issue_code(delegation, key=key(), by=BY, now=NOW)
    assert (delegation.state, history(delegation)) == (DelegationState.INVITED, [("invited", BY, 2)])


@pytest.mark.parametrize("state", [DelegationState.SUBMITTED, DelegationState.CONFIRMED, DelegationState.DECLINED])
def test_a_delegation_that_was_closed_can_be_opened_again(kanazawa, state):
    kanazawa.state, kanazawa.decline_reason = state, "An election."
    services.reopen(kanazawa, by=BY, now=NOW)
    assert (kanazawa.state, kanazawa.decline_reason) == (DelegationState.DRAFTING, "")


def test_what_nobody_was_invited_to_cannot_be_opened_again(undone):
    with pytest.raises(WrongState, match="not invited"):
        services.reopen(delegation_of("kanazawa"), by=BY, now=NOW)


def test_limits_of_a_city_go_back_to_those_of_the_congress(kanazawa):
    services.set_limits(kanazawa, most=7, least=2, reason="A host.", by=BY, now=NOW)
    assert (kanazawa.most, kanazawa.least, kanazawa.limit_reason) == (7, 2, "A host.")
    services.set_limits(kanazawa, most=None, least=None, reason="left over", by=BY, now=NOW)
    assert (kanazawa.most, kanazawa.least, kanazawa.limit_reason) == (3, 1, "")
