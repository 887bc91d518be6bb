"""Registering, withdrawing, choosing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from congress.core.db import db
from congress.delegates.models import Delegation, Person
from congress.delegates.vocabulary import Category
from congress.networks.vocabulary import Field
from congress.outbox.models import Message
from congress.registration import queries, refusals, services
from congress.registration.bookings import services as bookings
from congress.registration.models import Booking, Consent, Registration
from congress.registration.states import State
from congress.registration.vocabulary import CONSENT_VERSION, ConsentKind
from tests.factories import HOSTS, NOW, make_applicant, make_registration, make_session, the_congress, the_item, utc

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def register(applicant: services.Applicant, now=NOW) -> Registration:
    return services.register(the_congress(), applicant, key=KEY, now=now)


def mails(registration: Registration) -> list[tuple[str, str]]:
    """Template and recipient of each mail queued about a registration."""
    found = db.session.scalars(select(Message).order_by(Message.id))
    return [(each.template, each.recipient) for each in found if each.facts["registration"] == registration.id]


def number_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_person_is_registered_with_delegation_consents_and_one_mail(undone):
    applicant = make_applicant(
        consents=[ConsentKind.PHOTOS, ConsentKind.PRIVACY], organisation="City Hall", function="Mayor's office"
    )
    made = register(applicant)
    delegate = made.delegate
    assert (made.state, made.submitted_at, made.ended_at, made.link_version) == (State.SUBMITTED, NOW, None, 1)
    assert (delegate.person.name, delegate.person.email, delegate.person.language) == (
        f"Haruki {applicant.family_name}", applicant.email, "en",
    )  # fmt: skip
    assert (delegate.category, delegate.city.slug, delegate.organisation, delegate.function) == (
        Category.DELEGATE, "kanazawa", "City Hall", "Mayor's office",
    )  # fmt: skip
    assert [(each.kind, each.version, each.given_at) for each in made.consents] == [
        (ConsentKind.PRIVACY, CONSENT_VERSION, NOW), (ConsentKind.PHOTOS, CONSENT_VERSION, NOW),
    ]  # fmt: skip
    assert mails(made) == [("registration_received", applicant.email)]


def test_two_people_of_a_city_are_one_delegation(undone):
    first, second = make_registration(), make_registration()
    assert first.delegate.delegation_id == second.delegate.delegation_id
    cities = db.session.scalars(select(Delegation.city_id)).all()
    assert len(cities) == len(set(cities))


def test_the_personal_link_opens_the_registration(undone):
    made = make_registration()
    assert queries.find_by_link(services.link_token(made, KEY)) is made
    assert queries.find_by_link("a" * 32) is None


def test_a_link_of_another_key_is_made_anew_and_the_old_one_ends(undone):
    made = make_registration()
    old = services.link_token(made, KEY)
    new = services.link_token(made, KEY[::-1])
    assert (made.link_version, queries.find_by_link(old), queries.find_by_link(new)) == (2, None, made)
    assert services.link_token(made, KEY[::-1]) == new


def test_the_same_form_sent_twice_is_one_registration_and_one_mail(undone):
    applicant = make_applicant()
    first, second = register(applicant), register(applicant)
    assert (second, mails(first)) == (first, [("registration_received", applicant.email)])


@pytest.mark.parametrize("typed", [{}, {"given_name": "HARUKI"}, {"family_name": "Téster"}])
def test_a_person_who_is_registered_already_gets_the_link_again(undone, typed):
    first = register(make_applicant(family_name="Tester", email="haruki@kanazawa.example"))
    second = register(make_applicant(**{"family_name": "Tester", "email": "Haruki@Kanazawa.example", **typed}))
    assert second is first
    assert mails(first) == [(name, "haruki@kanazawa.example") for name in ("registration_received", "registration_again")]


def test_the_link_is_sent_again_at_most_once_a_day(undone):
    same = {"family_name": "Tester", "email": "haruki@kanazawa.example"}
    first = register(make_applicant(**same))
    for later in (timedelta(hours=1), timedelta(hours=2), timedelta(days=1)):
        register(make_applicant(**same), now=NOW + later)
    assert [template for template, _to in mails(first)] == ["registration_received", "registration_again", "registration_again"]


def test_two_people_may_share_a_mail_address(undone):
    first, second = (make_registration(given_name=name, email="office@kanazawa.example") for name in ("Aiko", "Yuki"))
    assert first is not second


@pytest.mark.parametrize("now", [utc(2018, 1, 15, 7, 59), utc(2018, 6, 1)])
def test_outside_the_window_nobody_is_registered(undone, now):
    the_congress().registration_closes_at = utc(2018, 6, 1)
    before = number_of(Person)
    with pytest.raises(refusals.RegistrationClosed, match=r"^Registration is closed\.$"):
        register(make_applicant(), now=now)
    assert number_of(Person) == before


def test_a_form_sent_again_after_closing_still_finds_its_registration(undone):
    applicant = make_applicant()
    first = register(applicant)
    the_congress().registration_closes_at = NOW + timedelta(hours=1)
    assert register(applicant, now=NOW + timedelta(hours=2)) is first


@pytest.mark.parametrize("city", ["wroclaw", "atlantis", ""])
@pytest.mark.parametrize("category", [Category.DELEGATE, Category.MAYOR, Category.COMPANION])
def test_a_city_that_is_not_a_member_sends_nobody(undone, category, city):
    before = number_of(Person)
    with pytest.raises(refusals.NotAMember):
        register(make_applicant(category=category, city=city))
    assert number_of(Person) == before


@pytest.mark.parametrize("category", [Category.PRESS, Category.SPEAKER, Category.SECRETARIAT])
def test_who_stands_for_no_city_needs_none(undone, category):
    assert register(make_applicant(category=category, city="")).delegate.city is None


def test_confirming_says_so_once_and_leaves_the_choices(undone):
    made, item = make_registration(), the_item("P037")
    bookings.choose(made, item, now=NOW)
    for _again in range(2):
        services.confirm(made, actor=HOSTS, now=NOW + timedelta(days=1))
    assert (made.state, made.ended_at, queries.chosen_codes(made)) == (State.CONFIRMED, None, frozenset({"P037"}))
    address = made.delegate.person.email
    assert mails(made) == [("registration_received", address), ("registration_confirmed", address)]


def test_who_withdrew_is_not_confirmed(undone):
    made = make_registration()
    services.withdraw(made, now=NOW)
    with pytest.raises(refusals.RegistrationEnded, match=r"^This registration has ended\.$"):
        services.confirm(made, actor=HOSTS, now=NOW)
    assert (made.state, [template for template, _to in mails(made)]) == (
        State.CANCELLED, ["registration_received", "registration_withdrawn"],
    )  # fmt: skip


def test_who_was_confirmed_may_withdraw_and_does_not_register_twice(undone):
    applicant = make_applicant()
    made = register(applicant)
    services.confirm(made, actor=HOSTS, now=NOW)
    assert register(make_applicant(family_name=applicant.family_name, email=applicant.email)) is made
    services.withdraw(made, now=NOW)
    assert made.state is State.CANCELLED


def test_all_who_wait_are_confirmed_up_to_the_last_one_seen(undone):
    waiting = select(Registration.id).where(Registration.state == State.SUBMITTED)
    of_the_demo = db.session.scalars(waiting).all()
    confirmed, ended, first, seen, later = (make_registration() for _each in range(5))
    services.confirm(confirmed, actor=HOSTS, now=NOW)
    services.withdraw(ended, now=NOW)
    numbers = [services.confirm_waiting(the_congress(), up_to=seen.id, actor=HOSTS, now=NOW) for _again in range(2)]
    assert numbers == [len(of_the_demo) + 2, 0]
    assert [each.state for each in (confirmed, ended, first, seen, later)] == [
        State.CONFIRMED, State.CANCELLED, State.CONFIRMED, State.CONFIRMED, State.SUBMITTED,
    ]  # fmt: skip
    assert [[template for template, _to in mails(each)][1:] for each in (confirmed, ended, first, seen, later)] == [
        ["registration_confirmed"], ["registration_withdrawn"], ["registration_confirmed"], ["registration_confirmed"], [],
    ]  # fmt: skip


def test_withdrawing_frees_places_and_says_so_once(undone):
    made, item = make_registration(), the_item("P037")
    bookings.choose(made, item, now=NOW)
    for _again in range(2):
        services.withdraw(made, now=NOW + timedelta(days=1))
    assert (made.state, made.ended_at, made.is_live) == (State.CANCELLED, NOW + timedelta(days=1), False)
    assert (queries.places_taken(item), queries.chosen_codes(made)) == (0, frozenset())
    assert [template for template, _to in mails(made)] == ["registration_received", "registration_withdrawn"]


def test_who_withdrew_may_register_again(undone):
    same = {"family_name": "Tester", "email": "haruki@kanazawa.example"}
    first = register(make_applicant(**same))
    services.withdraw(first, now=NOW)
    second = register(make_applicant(**same))
    assert (first.state, second.state, first.id != second.id) == (State.CANCELLED, State.SUBMITTED, True)


def test_a_chosen_session_stands_in_the_own_programme_once(undone):
    made = make_registration()
    for _again in range(2):
        bookings.choose(made, the_item("P037"), now=NOW)
    assert [entry.code for entry in queries.own_programme(made) if entry.kind == "workshop"] == ["P037"]
    assert number_of(Booking) == 1


def test_a_dropped_session_is_gone_and_dropping_it_again_is_no_error(undone):
    made = make_registration()
    bookings.choose(made, the_item("P037"), now=NOW)
    for _again in range(2):
        bookings.drop(made, the_item("P037"), now=NOW)
    assert queries.chosen_codes(made) == frozenset()


def test_the_last_place_is_given_once(undone):
    item = the_item("P037")
    item.places = 1
    first, second = make_registration(), make_registration()
    bookings.choose(first, item, now=NOW)
    with pytest.raises(refusals.SessionFull, match=r"^All places are taken\.$"):
        bookings.choose(second, item, now=NOW)
    bookings.choose(first, item, now=NOW)  # who has the place already keeps it
    bookings.drop(first, item, now=NOW)
    bookings.choose(second, item, now=NOW)
    assert (queries.chosen_codes(first), queries.chosen_codes(second)) == (frozenset(), frozenset({"P037"}))


@pytest.mark.parametrize("code", ["P022", "P029", "P021"])
def test_what_is_given_anyway_or_by_invitation_cannot_be_chosen(undone, code):
    with pytest.raises(refusals.CannotChoose):
        bookings.choose(make_registration(), the_item(code), now=NOW)


def test_what_is_not_released_cannot_be_chosen(undone):
    db.session.add(item := make_session())
    db.session.flush()
    with pytest.raises(refusals.CannotChoose):
        bookings.choose(make_registration(), item, now=NOW)


def test_who_withdrew_chooses_nothing(undone):
    made = make_registration()
    services.withdraw(made, now=NOW)
    with pytest.raises(refusals.RegistrationEnded):
        bookings.choose(made, the_item("P037"), now=NOW)


@pytest.mark.parametrize(
    ("city", "field", "is_new"),
    [("krakow", Field.LITERATURE, False), ("katowice", Field.MUSIC, False), ("kanazawa", Field.CRAFTS_AND_FOLK_ART, False), ("auckland", Field.MUSIC, True)],
)  # fmt: skip
def test_the_field_of_the_city_decides_which_meetings_are_given(undone, city, field, is_new):
    made = make_registration(city=city)
    own = queries.own_programme(made)
    assert {entry.field for entry in own if entry.kind == "subgroup"} == {field}
    assert ("P012" in {entry.code for entry in own}) is is_new


def test_counts_are_of_live_registrations(undone):
    before = queries.counts(the_congress())
    made = make_registration(city="auckland")
    assert queries.counts(the_congress()) == tuple(number + 1 for number in before)
    services.withdraw(made, now=NOW)
    assert queries.counts(the_congress()) == before


def test_a_consent_stands_until_it_is_withdrawn(undone):
    made = make_registration(consents=[ConsentKind.PRIVACY, ConsentKind.PHOTOS])
    made.consents[1].withdrawn_at = NOW
    db.session.flush()
    assert [kind for kind in ConsentKind if queries.has_consent(made, kind)] == [ConsentKind.PRIVACY]


def copy_of(registration: Registration, **changes: object) -> Registration:
    """A second row for the same person, past the service and its checks."""
    token = uuid.uuid4().hex
    values = {
        "congress_id": registration.congress_id, "delegate_id": registration.delegate_id, "state": State.CONFIRMED,
        "identity": token, "submission_key": token, "link_digest": token, "started_at": NOW, "submitted_at": NOW, "holds_place": True,
    }  # fmt: skip
    return Registration(**(values | changes))


@pytest.mark.parametrize("same", ["identity", "submission_key", "link_digest", "public_id"])
def test_the_database_itself_refuses_a_second_registration(undone, same):
    made = make_registration()
    other = make_registration()
    services.withdraw(other, now=NOW)
    db.session.add(copy_of(made, delegate_id=other.delegate_id, **{same: getattr(made, same)}))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_database_itself_refuses_two_live_registrations_of_one_delegate(undone):
    db.session.add(copy_of(make_registration()))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_withdrawn_registration_does_not_stand_in_the_way(undone):
    made = make_registration()
    services.withdraw(made, now=NOW)
    db.session.add(again := copy_of(made, identity=made.identity))
    db.session.flush()
    assert (made.is_live, again.is_live) == (False, True)


def test_the_database_itself_refuses_a_second_booking(undone):
    made, item = make_registration(), the_item("P037")
    db.session.add_all(Booking(registration_id=made.id, item_id=item.id, booked_at=NOW) for _ in range(2))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_database_itself_refuses_no_places_at_all(undone):
    the_item("P037").places = 0
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_same_words_are_agreed_to_once(undone):
    made = make_registration()
    made.consents.append(Consent(kind=ConsentKind.PRIVACY, version=CONSENT_VERSION, given_at=NOW))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_registrations_stand_in_the_order_of_names(undone):
    for given, family in (("Bo", "Zzz"), ("Al", "Zzz"), ("Cy", "Zzy")):
        make_registration(given_name=given, family_name=family)
    names = [each.delegate.person.name for each in queries.registrations(the_congress())]
    assert [name for name in names if "Zz" in name] == ["Cy Zzy", "Al Zzz", "Bo Zzz"]
