"""What belongs to a person's own programme."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from congress.delegates.vocabulary import Category
from congress.registration.rules import (
    Attendee,
    delegation_programme,
    field_programme,
    is_over,
    is_preset,
    may_choose,
    may_see_delegation,
    may_see_field,
    own_programme,
)
from tests.factories import make_entry


def entry(kind: str, **changes: object):
    return make_entry(uid=kind, code=kind.upper(), kind=kind, **changes)


SESSIONS = {
    "plenary": entry("plenary"),
    "ceremony": entry("ceremony"),
    "social": entry("social", audience="invitation"),
    "press": entry("press"),
    "steering": entry("steering", audience="invitation"),
    "workshop": entry("workshop"),
    "integration": entry("integration"),
    "music": make_entry(uid="music", code="MUSIC", kind="subgroup", field="music", audience="field"),
    "film": make_entry(uid="film", code="FILM", kind="subgroup", field="film", audience="field"),
    "concert": make_entry(uid="concert", code="CONCERT", kind="accompanying", type="event", audience="everyone"),
}
DELEGATE = {"plenary", "ceremony", "social"}

# Who, what stands in the programme without being chosen, and what may be chosen.
TABLE = [
    (Attendee("delegate"), DELEGATE, {"press", "workshop", "concert"}),
    (Attendee("delegate", field="music"), DELEGATE | {"music"}, {"press", "workshop", "concert"}),
    (Attendee("mayor", field="film"), DELEGATE | {"film"}, {"press", "workshop", "concert"}),
    (Attendee("coordinator", field="film"), DELEGATE | {"film"}, {"press", "workshop", "integration", "concert"}),
    (Attendee("secretariat"), DELEGATE, {"press", "workshop", "integration", "concert"}),
    (Attendee("delegate", is_of_new_city=True), DELEGATE | {"integration"}, {"press", "workshop", "concert"}),
    (Attendee("companion", field="music", is_of_new_city=True), {"social"}, {"concert"}),
    (Attendee("press"), {"ceremony", "press"}, {"concert"}),
]


@pytest.mark.parametrize(("attendee", "preset", "choosable"), TABLE)
def test_the_own_programme_holds_just_this(attendee, preset, choosable):
    assert {name for name, each in SESSIONS.items() if is_preset(each, attendee)} == preset
    assert {name for name, each in SESSIONS.items() if may_choose(each, attendee)} == choosable
    assert own_programme(SESSIONS.values(), attendee) == [each for name, each in SESSIONS.items() if name in preset]


@pytest.mark.parametrize("category", sorted(set(Category) - {Category.COMPANION, Category.PRESS}))
def test_whoever_takes_part_has_the_plenaries(category):
    assert is_preset(SESSIONS["plenary"], Attendee(category.value)) is True


def test_what_was_chosen_stands_in_the_programme():
    attendee = Attendee("press", chosen=frozenset({"CONCERT"}))
    assert own_programme(SESSIONS.values(), attendee) == [SESSIONS["ceremony"], SESSIONS["press"], SESSIONS["concert"]]


def test_a_chosen_event_brings_all_its_occurrences():
    nights = [make_entry(uid=str(number), code=f"P05{number}", item="P053", type="event") for number in (3, 7)]
    assert own_programme(nights, Attendee("press", chosen=frozenset({"P053"}))) == nights


def test_a_meeting_without_field_is_in_nobodys_programme():
    assert is_preset(make_entry(kind="subgroup", field=""), Attendee("delegate", field="")) is False


def test_a_cancelled_session_stays_but_cannot_be_chosen():
    cancelled = [SESSIONS["plenary"].cancelled(), SESSIONS["workshop"].cancelled()]
    attendee = Attendee("delegate")
    assert own_programme(cancelled, attendee) == cancelled[:1]
    assert [may_choose(each, attendee) for each in cancelled] == [False, False]


def test_an_unlisted_session_is_neither_given_nor_offered():
    hidden = [make_entry(is_listed=False), make_entry(kind="workshop", is_listed=False)]
    assert [(is_preset(each, Attendee("delegate")), may_choose(each, Attendee("delegate"))) for each in hidden] == [
        (False, False)
    ] * 2


def test_the_delegations_programme_says_who_is_where():
    people = [
        ("Anna", Attendee("mayor", field="music")),
        ("Jan", Attendee("companion")),
        ("Ewa", Attendee("delegate", field="film", chosen=frozenset({"WORKSHOP"}))),
    ]
    entries = [SESSIONS[name] for name in ("plenary", "social", "press", "workshop", "music", "film", "steering")]

    assert delegation_programme(entries, people) == [
        (SESSIONS["plenary"], ("Anna", "Ewa")),
        (SESSIONS["social"], ("Anna", "Jan", "Ewa")),
        (SESSIONS["workshop"], ("Ewa",)),
        (SESSIONS["music"], ("Anna",)),
        (SESSIONS["film"], ("Ewa",)),
    ]


def test_a_delegation_without_people_is_nowhere():
    assert delegation_programme(SESSIONS.values(), []) == []


def test_what_was_cancelled_stays_in_the_delegations_programme():
    cancelled = SESSIONS["plenary"].cancelled()
    assert delegation_programme([cancelled], [("Anna", Attendee("mayor"))]) == [(cancelled, ("Anna",))]


def test_a_coordinator_sees_all_of_the_field_and_nothing_else():
    hidden = make_entry(uid="hidden", kind="steering", field="music", audience="invitation", is_listed=False)
    concert = make_entry(uid="concert", type="event", field="music", audience="everyone")
    entries = [SESSIONS["plenary"], hidden, SESSIONS["film"], SESSIONS["music"], concert]

    assert field_programme(entries, "music") == [hidden, SESSIONS["music"], concert]
    assert field_programme(entries, "") == []


def test_only_those_who_stand_for_a_city_see_where_its_people_are():
    allowed = {category for category in Category if may_see_delegation(Attendee(category.value))}
    assert allowed == {Category.DELEGATE, Category.MAYOR, Category.COORDINATOR}


def test_only_a_coordinator_of_a_field_sees_all_of_it():
    allowed = {category for category in Category if may_see_field(Attendee(category.value, field="music"))}
    assert allowed == {Category.COORDINATOR}
    assert may_see_field(Attendee("coordinator")) is False


NIGHT = datetime(2018, 6, 13, 22, 30, tzinfo=UTC)  # half past midnight in Warsaw, on the 14th


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"starts_at": datetime(2018, 6, 13, 20, tzinfo=UTC), "ends_at": NIGHT}, True),
        ({"starts_at": datetime(2018, 6, 13, 20, tzinfo=UTC), "ends_at": datetime(2018, 6, 13, 22, 31, tzinfo=UTC)}, False),
        ({"starts_at": datetime(2018, 6, 13, 20, tzinfo=UTC), "ends_at": None}, True),  # its day is over
        ({"starts_at": datetime(2018, 6, 13, 22, 15, tzinfo=UTC), "ends_at": None}, False),  # perhaps it goes on
        ({"starts_at": None, "ends_at": None, "starts_on": date(2018, 6, 12), "ends_on": date(2018, 6, 13)}, True),
        ({"starts_at": None, "ends_at": None, "starts_on": date(2018, 6, 12), "ends_on": date(2018, 6, 14)}, False),
        ({"starts_at": None, "ends_at": None}, False),
    ],
)
def test_something_is_over_after_its_end_or_after_its_last_day(times, expected):
    assert is_over(make_entry(**times), ZoneInfo("Europe/Warsaw"), NIGHT) is expected
