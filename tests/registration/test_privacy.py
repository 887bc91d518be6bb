"""What is erased, and what ends with its time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from congress.core.db import db
from congress.delegates.models import DelegationEvent, Person
from congress.delegates.services import log
from congress.delegates.vocabulary import DelegationEventKind
from congress.outbox.models import Message, MessageState
from congress.registration import privacy, queries, services
from congress.registration.delegations import people
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Consent, Move, Registration
from congress.registration.states import State
from tests.factories import HOSTS, NOW, everything, make_applicant, make_full_registration, make_registration, the_congress, utc
from tests.registration.people_of_a_city import KEY, add, now_seen, ostersund, person


def left_of(registration: Registration) -> dict[str, int]:
    rows = {"stays": Stay, "needs": Needs, "passports": Passport, "consents": Consent, "moves": Move}
    return {
        name: db.session.scalar(select(func.count()).select_from(model).where(model.registration_id == registration.id))
        for name, model in rows.items()
    }


def test_of_an_erased_person_only_the_count_remains(undone):
    made = make_full_registration()
    services.confirm(made, actor=HOSTS, now=NOW)
    before = queries.counts(the_congress())
    services.withdraw(made, now=NOW)
    privacy.erase(made, actor=HOSTS, now=NOW)
    told = db.session.scalars(
        select(Message.recipient).where(Message.about == f"registration:{made.id}", Message.sent_at.is_not(None))
    )
    assert left_of(made) == {"stays": 0, "needs": 0, "passports": 0, "consents": 0, "moves": 4}
    assert (made.delegate.person.name, made.delegate.person.email, set(told)) == ("–", "", set())
    assert (made.state, queries.counts(the_congress())[0]) == (State.CANCELLED, before[0] - 1)
    before = everything()
    privacy.erase(made, actor=HOSTS, now=NOW)
    assert everything() == before


def test_the_history_of_the_delegation_forgets_the_name_too(undone):
    made = make_full_registration()
    delegation, name = made.delegate.delegation, made.delegate.person.name
    log(delegation, DelegationEventKind.SUBMITTED, by="focal@kanazawa.example", now=NOW, detail=f"Haruki Murase, {name}")
    privacy.erase(made, actor=HOSTS, now=NOW)
    details = db.session.scalars(select(DelegationEvent.detail).where(DelegationEvent.delegation_id == delegation.id)).all()
    assert details == ["Haruki Murase, –"]


def test_an_erased_person_may_register_again(undone):
    made = make_full_registration(email="nomsa@kanazawa.example", family_name="Again")
    privacy.erase(made, actor=HOSTS, now=NOW)
    again = make_registration(given_name="Nomsa", email="nomsa@kanazawa.example", family_name="Again")
    assert (again.id != made.id, again.state) == (True, State.SUBMITTED)


@pytest.mark.parametrize(
    ("days", "left", "said"),
    [
        (30, {"stays": 1, "needs": 1, "passports": 1}, {}),
        (31, {"stays": 1, "needs": 0, "passports": 0}, {"passport": 1, "needs": 1}),
        (91, {"stays": 0, "needs": 0, "passports": 0}, {"passport": 1, "needs": 1, "travel": 1}),
    ],
)
def test_the_purge_takes_each_class_when_its_time_is_over_and_says_what_it_did(undone, days, left, said):
    made = make_full_registration()
    done = privacy.purge(the_congress(), now=utc(2018, 6, 15, 12) + timedelta(days=days))
    assert ({name: number for name, number in left_of(made).items() if name in left}, done) == (left, said)
    assert db.session.get_one(Person, made.delegate.person_id).given_name == "Nomsa"


def test_a_registration_that_was_never_sent_goes_with_the_travel_data(undone):
    begun = services.start(the_congress(), make_applicant(), key=undone.config["SECRET_KEY"], now=NOW)
    done = privacy.purge(the_congress(), now=utc(2018, 9, 20, 12))
    assert (done, begun.delegate.person.name) == ({"never sent": 1}, "–")


def test_neither_what_one_wrote_to_the_hosts_nor_the_name_beside_who_came_instead_is_left(undone):
    delegation = ostersund()
    old = add(delegation, "Anna")
    old.delegate.remark = "with Berit"
    new = people.replace(delegation, old, person("Carl"), edit=now_seen(delegation), key=KEY)
    assert "Carl" not in json.dumps(privacy.own_data(old))
    privacy.erase(old, actor=HOSTS, now=NOW)
    told = db.session.scalars(select(Move.why).where(Move.registration_id.in_([old.id, new.id]))).all()
    assert (old.delegate.remark, sorted(set(told))) == ("", ["", "–"])


def test_the_purge_forgets_to_whom_the_last_mail_went(undone):
    made = make_full_registration()
    privacy.erase(made, actor=HOSTS, now=NOW)
    mails = select(Message.recipient, Message.sent_at.is_not(None)).where(Message.about == f"registration:{made.id}")
    db.session.execute(
        update(Message)
        .where(Message.about == f"registration:{made.id}", Message.template == "registration_withdrawn")
        .values(sent_at=NOW, state=MessageState.SENT)
    )
    privacy.purge(the_congress(), now=NOW)
    assert {tuple(row) for row in db.session.execute(mails) if row[1]} == {("", True)}
