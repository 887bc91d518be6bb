"""A city's delegation: its people added, changed, replaced, sent and confirmed together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.services import delegation_of, log
from congress.delegates.vocabulary import Category, DelegationEventKind, DelegationState, Part
from congress.networks.models import City, Membership
from congress.outbox.models import Message
from congress.registration import delegation_people as people
from congress.registration import delegation_queries as queries
from congress.registration import delegations, services
from congress.registration.delegation_edits import AlreadyThere, ChangedMeanwhile, Edit, NotReady
from congress.registration.details import Needs, Passport, Stay
from congress.registration.missing import Missing
from congress.registration.models import Booking, Consent, Move, Registration
from congress.registration.refusals import CannotMove, NoPlace, NotAMember, RegistrationClosed
from congress.registration.services import Applicant
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from tests.factories import HOSTS, NOW, make_applicant, make_registration, the_city, the_congress, the_item
from tests.statements import statements

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def ostersund() -> Delegation:
    """The delegation of a city that nobody is registered for; three delegates at most, one at least."""
    made = delegation_of(the_congress(), the_city("ostersund"))
    made.focal_email, made.state = "focal@ostersund.example", DelegationState.OPENED
    db.session.flush()
    return made


def now_seen(delegation: Delegation, **changes: Any) -> Edit:
    """An edit by somebody who has just loaded the page."""
    return Edit(**({"seen": delegation.version, "by": "focal@ostersund.example", "now": NOW} | changes))


def person(name: str, **changes: Any) -> Applicant:
    changes = {"email": f"{name.lower()}@ostersund.example", **changes}
    return make_applicant(given_name=name, family_name="Testsson", consents=[], **changes)


def add(delegation: Delegation, name: str, **changes: Any) -> Registration:
    return people.add(delegation, person(name, **changes), edit=now_seen(delegation), key=KEY)


def state_of(registrations: Iterable[Registration]) -> list[tuple[str, str, bool]]:
    return [(each.delegate.person.given_name, each.state.value, each.holds_place) for each in registrations]


def mails(registration: Registration) -> list[str]:
    asked = select(Message.template).where(Message.about == f"registration:{registration.id}").order_by(Message.id)
    return list(db.session.scalars(asked))


def happened(delegation: Delegation) -> list[tuple[str, str]]:
    asked = select(DelegationEvent).where(DelegationEvent.delegation_id == delegation.id).order_by(DelegationEvent.id)
    return [(each.kind.value, each.detail) for each in db.session.scalars(asked)]


def full(delegation: Delegation) -> list[Registration]:
    return [add(delegation, "Anna", part=Part.HEAD), add(delegation, "Berit"), add(delegation, "Carl")]


def test_who_is_added_takes_a_place_and_gets_no_mail_and_the_delegation_is_a_draft(undone: Flask):
    delegation = ostersund()

    anna = people.add(delegation, person("Anna"), note="comes by train", edit=now_seen(delegation), key=KEY)

    assert state_of([anna]) == [("Anna", "invited", True)]
    assert (mails(anna), delegation.state) == ([], DelegationState.DRAFTING)
    assert happened(delegation) == [("added", "Anna Testsson – comes by train")]


def test_beyond_the_limit_one_waits_in_order_and_companions_and_interpreters_do_not_count(undone: Flask):
    delegation = ostersund()
    full(delegation)
    add(delegation, "Dag"), add(delegation, "Eva")
    add(delegation, "Filip", category=Category.COMPANION, part=Part.COMPANION), add(delegation, "Gun", part=Part.INTERPRETER)

    found = {each.registration.delegate.person.given_name: each for each in queries.members(delegation)}

    assert {name: (each.registration.state.value, each.queue_number) for name, each in found.items()} == {
        "Anna": ("invited", 0), "Berit": ("invited", 0), "Carl": ("invited", 0),
        "Dag": ("waiting", 1), "Eva": ("waiting", 2), "Filip": ("invited", 0), "Gun": ("invited", 0),
    }  # fmt: skip
    assert queries.counted(each.registration for each in found.values()) == 3


def test_a_freed_place_goes_to_the_first_who_waits_with_the_personal_link(undone: Flask):
    delegation = ostersund()
    _anna, berit, _carl = full(delegation)
    dag, eva = add(delegation, "Dag"), add(delegation, "Eva")

    people.remove(delegation, berit, edit=now_seen(delegation))

    assert state_of([berit, dag, eva]) == [("Berit", "cancelled", False), ("Dag", "invited", True), ("Eva", "waiting", False)]
    assert (mails(berit), mails(dag), mails(eva)) == ([], ["person_invited"], [])


def test_the_same_form_twice_adds_once_even_though_the_delegation_has_changed(undone: Flask):
    delegation = ostersund()
    sent, edit = person("Anna"), now_seen(delegation)

    first, second = (people.add(delegation, sent, edit=edit, key=KEY) for _time in range(2))

    assert (second, happened(delegation)) == (first, [("added", "Anna Testsson")])


def test_who_is_there_already_is_not_added_again_whatever_the_marks_and_the_case(undone: Flask):
    delegation = ostersund()
    add(delegation, "Åsa")

    with pytest.raises(AlreadyThere, match="is in the delegation already"):
        add(delegation, "ASA", email="other@ostersund.example")


def test_who_is_registered_elsewhere_is_not_added_but_who_only_began_there_is(undone: Flask):
    delegation = ostersund()
    known = {"given_name": "Anna", "family_name": "Testsson", "email": "anna@ostersund.example"}
    begun = services.start(the_congress(), make_applicant(**known, category=Category.PRESS, city=""), key=KEY, now=NOW)
    add(delegation, "Anna")
    make_registration(**{**known, "given_name": "Berit", "email": "berit@ostersund.example"})

    with pytest.raises(AlreadyThere, match="registered for this congress already"):
        add(delegation, "Berit")
    assert begun.state is State.STARTED


def test_nobody_is_added_for_a_city_that_is_no_member_after_the_deadline_or_when_it_has_declined(undone: Flask):
    congress = the_congress()
    candidate, delegation = delegation_of(congress, _candidate()), ostersund()
    with pytest.raises(NotAMember):
        add(candidate, "Anna")

    congress.registration_closes_at = NOW
    after = Edit(delegation.version, "x", NOW)
    with pytest.raises(RegistrationClosed):
        people.add(delegation, person("Anna"), edit=after, key=KEY)

    congress.registration_closes_at = None
    delegations.decline(delegation, "No budget", edit=now_seen(delegation))
    with pytest.raises(CannotMove, match="Reopen"):
        add(delegation, "Anna")


def _candidate() -> City | None:
    members = select(Membership.city_id).where(Membership.network_id == the_congress().network_id)
    return db.session.scalars(select(City).where(City.id.not_in(members)).order_by(City.id)).first()


def test_what_somebody_else_changed_is_told_and_nothing_is_written_over_it(undone: Flask):
    delegation = ostersund()
    both_saw = now_seen(delegation)
    people.add(delegation, person("Anna"), edit=both_saw, key=KEY)

    with pytest.raises(ChangedMeanwhile) as refused:
        people.add(delegation, person("Berit"), edit=both_saw, key=KEY)

    told = [(each.kind.value, each.detail, each.by) for each in refused.value.changes]
    assert told == [("added", "Anna Testsson", "focal@ostersund.example")]
    assert state_of(queries.people(delegation)) == [("Anna", "invited", True)]


def test_a_reminder_or_an_opened_link_is_no_change_that_stands_in_the_way(undone: Flask):
    delegation = ostersund()
    edit = now_seen(delegation)
    log(delegation, DelegationEventKind.REMINDED, by="olga@krakowice.example", now=NOW)

    assert people.add(delegation, person("Anna"), edit=edit, key=KEY).is_live


def test_a_change_of_a_person_is_kept_and_the_same_again_changes_nothing(undone: Flask):
    delegation = ostersund()
    anna = add(delegation, "Anna")
    wanted, was = (
        person("Anneli", category=Category.MAYOR, part=Part.HEAD, title="Dr", function="Mayor"),
        people.fingerprint(anna),
    )

    for _time in range(2):
        people.change(delegation, anna, wanted, also=["speaker"], was=was, edit=now_seen(delegation))

    delegate, named = anna.delegate, anna.delegate.person
    assert (named.title, named.name, named.email) == ("Dr", "Anneli Testsson", "anneli@ostersund.example")
    assert (delegate.category, delegate.part, delegate.also, delegate.function) == (
        Category.MAYOR,
        Part.HEAD,
        ["speaker"],
        "Mayor",
    )
    assert anna.identity == wanted.identity
    assert happened(delegation) == [("added", "Anna Testsson"), ("edited", "Anneli Testsson")]


def test_what_the_person_changed_meanwhile_is_not_written_over(undone: Flask):
    delegation = ostersund()
    anna = add(delegation, "Anna")
    was = people.fingerprint(anna)
    anna.delegate.person.given_name = "Anna Maria"

    with pytest.raises(ChangedMeanwhile):
        people.change(delegation, anna, person("Anneli"), also=[], was=was, edit=now_seen(delegation))

    assert anna.delegate.person.given_name == "Anna Maria"


def test_an_interpreter_does_not_become_a_delegate_where_all_places_are_taken(undone: Flask):
    delegation = ostersund()
    full(delegation)
    gun = add(delegation, "Gun", part=Part.INTERPRETER)

    with pytest.raises(NoPlace):
        people.change(delegation, gun, person("Gun"), also=[], was=people.fingerprint(gun), edit=now_seen(delegation))


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


def test_the_new_person_keeps_place_state_and_bookings_and_the_old_one_ends(undone: Flask):
    delegation = ostersund()
    anna, *_others = full(delegation)
    delegations.submit(delegation, edit=now_seen(delegation))
    delegations.confirm_delegation(delegation, actor=HOSTS, now=NOW)
    db.session.add(Booking(registration_id=anna.id, item=the_item("P037"), booked_at=NOW))
    db.session.flush()
    old_badge, edit, sent = anna.badge_code, now_seen(delegation, now=NOW + timedelta(days=30)), person("Dag")

    dag, again = (people.replace(delegation, anna, sent, edit=edit, key=KEY) for _time in range(2))

    assert again is dag
    assert state_of([anna, dag]) == [("Anna", "replaced", False), ("Dag", "confirmed", True)]
    assert (dag.replaces_id, dag.delegate.part, dag.delegate.category) == (anna.id, Part.HEAD, Category.DELEGATE)
    assert (anna.badge_code, dag.badge_code is not None, dag.badge_code != old_badge) == (None, True, True)
    assert list(db.session.scalars(select(Booking.registration_id))) == [dag.id]
    assert mails(anna)[-1] == "registration_replaced"
    assert mails(dag) == ["person_invited"]
    moved = select(Move).where(Move.registration_id == anna.id).order_by(Move.id.desc())
    assert db.session.scalars(moved).first().why == "Dag Testsson"


def test_who_waits_is_replaced_at_the_same_place_of_the_waiting_list_and_a_draft_without_a_mail(undone: Flask):
    delegation = ostersund()
    anna, *_others = full(delegation)
    dag = add(delegation, "Dag")
    eva = people.add(delegation, person("Eva"), edit=now_seen(delegation, now=NOW + timedelta(minutes=1)), key=KEY)

    filip = people.replace(delegation, dag, person("Filip"), edit=now_seen(delegation), key=KEY)
    gun = people.replace(delegation, anna, person("Gun"), edit=now_seen(delegation), key=KEY)

    numbers = {each.registration.delegate.person.given_name: each.queue_number for each in queries.members(delegation)}
    assert numbers == {"Gun": 0, "Berit": 0, "Carl": 0, "Filip": 1, "Eva": 2}
    assert state_of([gun, filip, eva]) == [("Gun", "invited", True), ("Filip", "waiting", False), ("Eva", "waiting", False)]
    assert [mails(each) for each in (anna, gun, dag, filip)] == [[], [], [], []]


def test_links_are_sent_once_a_day_and_who_was_sent_gets_the_link_again(undone: Flask):
    delegation = ostersund()
    anna, berit, _carl = full(delegation)

    numbers = [people.send_links(delegation, [anna, berit], edit=now_seen(delegation)) for _time in range(2)]
    delegations.submit(delegation, edit=now_seen(delegation))
    numbers.append(people.send_links(delegation, [anna], edit=now_seen(delegation)))

    assert numbers == [2, 0, 1]
    assert mails(anna) == ["person_invited", "registration_received", "registration_again"]


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
