"""A city's delegation as a whole: sent, confirmed, withdrawn, declined, and what is missing in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import Category, DelegationState, Part
from congress.registration.delegations import people, queries
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import NotReady
from congress.registration.details import Needs, Passport, Stay
from congress.registration.missing import Missing
from congress.registration.models import Consent
from congress.registration.refusals import CannotMove
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from tests.factories import HOSTS, NOW, make_registration, the_city, the_congress
from tests.registration.people_of_a_city import KEY, add, full, happened, mails, now_seen, ostersund, person, state_of
from tests.statements import statements


@pytest.mark.parametrize(
    ("parts", "reasons"),
    [
        ([], ["Say who heads", "A delegation has at least 1 delegate; yours has 0."]),
        ([Part.MEMBER], ["Say who heads"]),
        ([Part.HEAD, Part.HEAD], ["Only one person can head the delegation. Now there are: Anna Testsson, Berit Testsson."]),
        ([Part.INTERPRETER], ["Say who heads", "A delegation has at least 1 delegate"]),
    ],
)
def test_a_delegation_without_one_head_and_enough_people_is_not_sent(undone: Flask, parts: list[Part], reasons: list[str]):
    delegation = ostersund()
    for name, part in zip(("Anna", "Berit"), parts, strict=False):
        add(delegation, name, part=part)

    with pytest.raises(NotReady) as refused:
        delegations.submit(delegation, edit=now_seen(delegation))

    assert len(refused.value.reasons) == len(reasons)
    assert all(said.startswith(reason) for said, reason in zip(refused.value.reasons, reasons, strict=True))
    assert delegation.state is not DelegationState.SUBMITTED


def test_sending_registers_all_who_have_a_place_with_a_mail_each_and_lets_the_others_wait(undone: Flask):
    delegation = ostersund()
    sent = [*full(delegation), add(delegation, "Dag")]
    edit = now_seen(delegation)

    for _time in range(2):  # the second time from a page that is older
        delegations.submit(delegation, edit=edit)

    assert state_of(sent) == [
        ("Anna", "submitted", True), ("Berit", "submitted", True), ("Carl", "submitted", True), ("Dag", "waiting", False),
    ]  # fmt: skip
    assert [mails(each) for each in sent] == [["registration_received"]] * 3 + [["registration_waiting"]]
    assert (delegation.state, delegation.submitted_at) == (DelegationState.SUBMITTED, NOW)
    assert happened(delegation)[-1] == ("submitted", "Anna Testsson, Berit Testsson, Carl Testsson, Dag Testsson")


def test_confirming_confirms_who_was_sent_with_a_mail_each_and_not_who_waits(undone: Flask):
    delegation = ostersund()
    with pytest.raises(CannotMove):
        delegations.confirm_delegation(delegation, actor=HOSTS, now=NOW)
    sent = [*full(delegation), add(delegation, "Dag")]
    delegations.submit(delegation, edit=now_seen(delegation))

    numbers = [delegations.confirm_delegation(delegation, actor=HOSTS, now=NOW) for _time in range(2)]

    assert (numbers, delegation.state) == ([3, 0], DelegationState.CONFIRMED)
    assert [each.state.value for each in sent] == ["confirmed"] * 3 + ["waiting"]
    assert mails(sent[0]) == ["registration_received", "registration_confirmed"]


def test_declining_ends_everybody_and_can_be_taken_back(undone: Flask):
    delegation = ostersund()
    sent = full(delegation)
    delegations.submit(delegation, edit=now_seen(delegation))

    ended = delegations.decline(delegation, "No budget", edit=now_seen(delegation))

    assert [each.id for each in ended] == [each.id for each in sent]
    assert {each.state for each in sent} == {State.CANCELLED}
    assert (delegation.state, delegation.decline_reason) == (DelegationState.DECLINED, "No budget")
    delegations.reopen(delegation, edit=now_seen(delegation))
    assert (delegation.state, delegation.decline_reason) == (DelegationState.DRAFTING, "")


def test_a_delegation_that_was_sent_and_whose_last_person_leaves_is_a_draft_again(undone: Flask):
    delegation = ostersund()
    anna = add(delegation, "Anna", part=Part.HEAD)
    delegations.submit(delegation, edit=now_seen(delegation))

    people.remove(delegation, anna, edit=now_seen(delegation))

    assert (anna.state, delegation.state) == (State.CANCELLED, DelegationState.DRAFTING)


def test_withdrawing_everybody_leaves_a_draft_without_people(undone: Flask):
    delegation = ostersund()
    full(delegation)
    delegations.submit(delegation, edit=now_seen(delegation))

    delegations.withdraw_all(delegation, edit=now_seen(delegation))

    assert (queries.people(delegation), delegation.state) == ([], DelegationState.DRAFTING)


def test_who_registered_alone_is_accepted_or_refused_and_until_then_is_neither_sent_nor_confirmed(undone: Flask):
    delegation = ostersund()
    anna, berit = (make_registration(city="ostersund", given_name=name) for name in ("Anna", "Berit"))
    anna.awaits_focal_point = berit.awaits_focal_point = True
    anna.delegate.part = Part.HEAD
    with pytest.raises(NotReady):
        delegations.submit(delegation, edit=now_seen(delegation))

    people.accept(delegation, anna, edit=now_seen(delegation))
    people.refuse(delegation, berit, edit=now_seen(delegation))
    delegations.submit(delegation, edit=now_seen(delegation))

    assert delegations.confirm_delegation(delegation, actor=HOSTS, now=NOW) == 1
    assert (anna.state, anna.awaits_focal_point, berit.state) == (State.CONFIRMED, False, State.REJECTED)


def test_those_of_the_last_congress_can_be_taken_along_but_for_who_is_there_already(undone: Flask):
    delegation = ostersund()
    add(delegation, "Anna")
    sent = [person("Anna"), person("Berit", category=Category.MAYOR)]
    edit = now_seen(delegation)

    assert [people.add_all(delegation, sent, edit=edit, key=KEY) for _time in range(2)] == [1, 0]
    assert [name for name, *_rest in state_of(queries.people(delegation))] == ["Anna", "Berit"]


def test_the_last_congress_of_the_network_is_found_with_who_took_part_for_the_city(undone: Flask):
    delegation = ostersund()
    anna = make_registration(city="ostersund", given_name="Anna")
    make_registration(city="lyon", given_name="Berit")
    assert queries.earlier_congress(delegation) is None
    later = _next_congress()
    next_one = delegation_of(later, the_city("ostersund"))

    assert queries.earlier_congress(next_one) == the_congress()
    assert list(queries.earlier_people(next_one, the_congress())) == [anna]


def _next_congress() -> Congress:
    this = the_congress()
    values = {
        name: getattr(this, name)
        for name in ("network_id", "names", "long_names", "themes", "descriptions", "timezone", "languages")
    }
    later = Congress(
        slug="fabriano2019", starts_on=this.starts_on + timedelta(days=364), ends_on=this.ends_on + timedelta(days=364), **values
    )
    db.session.add(later)
    db.session.flush()
    return later


def test_what_is_missing_is_known_of_all_in_one_statement(undone: Flask):
    delegation = ostersund()
    anna, berit, carl = full(delegation)
    db.session.add_all(
        [
            Stay(
                registration_id=anna.id,
                arrival_on=NOW.date(),
                departure_on=NOW.date(),
                nights={"2018-06-12": "krakow"},
                changed_at=NOW,
            ),
            Passport(registration_id=anna.id, needs_letter=True, changed_at=NOW),
            Needs(registration_id=anna.id, content={}, changed_at=NOW),
            Passport(registration_id=berit.id, needs_letter=True, content={"number": "X"}, changed_at=NOW),
        ]
    )
    anna.consents.append(Consent(kind=ConsentKind.PRIVACY, version="t", given_at=NOW))
    carl.delegate.category = Category.MAYOR
    db.session.flush()

    congress = the_congress()
    with statements() as seen:
        found = queries.missing_in_congress(congress)

    assert len(seen) == 1
    assert {each.delegate.person.given_name: found[each.id] for each in (anna, berit, carl)} == {
        "Anna": (Missing.LETTER, Missing.SESSIONS),
        "Berit": (Missing.TRAVEL, Missing.NIGHTS, Missing.NEEDS, Missing.SESSIONS, Missing.CONSENTS),
        "Carl": (),
    }


def test_a_delegation_is_read_in_as_many_statements_for_three_people_as_for_one(undone: Flask):
    delegation, numbers = ostersund(), []
    for name in ("Anna", "Berit", "Carl"):
        add(delegation, name)
        with statements() as seen:
            [each.registration.delegate.person.name for each in queries.members(delegation)]
        numbers.append(len(seen))

    assert numbers == [3, 3, 3]
