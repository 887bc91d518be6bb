"""The people of a delegation: added, changed, replaced and removed, one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.models import Window
from congress.delegates.services import delegation_of, log
from congress.delegates.vocabulary import Category, DelegationEventKind, DelegationState, Part, Step
from congress.networks.models import City, Membership
from congress.registration import services
from congress.registration.delegations import people, queries
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import AlreadyThere, ChangedMeanwhile, Edit
from congress.registration.models import Booking, Move
from congress.registration.organising import decisions
from congress.registration.organising.decisions import Stale
from congress.registration.refusals import CannotMove, NoPlace, NotAMember, RegistrationClosed, StepClosed
from congress.registration.states import State
from tests.factories import HOSTS, NOW, make_applicant, make_registration, the_congress, the_item
from tests.registration.people_of_a_city import KEY, add, full, happened, mails, now_seen, ostersund, person, state_of


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


def test_an_offer_goes_over_to_the_new_person_who_is_told_until_when(undone: Flask):
    delegation = ostersund()
    anna, *_others = full(delegation)
    dag, until = add(delegation, "Dag"), NOW + timedelta(hours=48)
    delegation.congress.offer_hours = 48
    people.remove(delegation, anna, edit=now_seen(delegation))
    assert (dag.holds_place, dag.offered_until) == (True, until)

    eva = people.replace(delegation, dag, person("Eva"), edit=now_seen(delegation), key=KEY)

    assert (eva.state, eva.holds_place, eva.offered_until) == (State.WAITING, True, until)
    assert (mails(dag), mails(eva)) == (["registration_offered", "registration_replaced"], ["registration_offered"])


def test_a_category_that_is_closed_is_not_added_but_its_people_are_replaced(undone: Flask):
    delegation = ostersund()
    anna = add(delegation, "Anna")
    closed = Window(congress_id=the_congress().id, category=Category.DELEGATE, step=Step.IDENTITY, closes_at=NOW)
    db.session.add(closed)
    db.session.flush()

    with pytest.raises(StepClosed, match="Nobody can be added in this role now"):
        add(delegation, "Berit")
    with pytest.raises(StepClosed):
        people.add_all(delegation, [person("Berit"), person("Carl")], edit=now_seen(delegation), key=KEY)
    filip = add(delegation, "Filip", category=Category.COMPANION, part=Part.COMPANION)
    dag = people.replace(delegation, anna, person("Dag"), edit=now_seen(delegation), key=KEY)

    assert state_of([anna, dag, filip]) == [("Anna", "replaced", False), ("Dag", "invited", True), ("Filip", "invited", True)]


def test_an_organiser_who_edits_a_person_is_told_what_the_city_has_changed(undone: Flask):
    delegation = ostersund()
    anna = add(delegation, "Anna")
    seen = anna.version

    changed = person("Anna", function="Director")
    people.change(delegation, anna, changed, also=(), was=people.fingerprint(anna), edit=now_seen(delegation))

    with pytest.raises(Stale):
        decisions.hold(anna, version=seen, seen=0)
