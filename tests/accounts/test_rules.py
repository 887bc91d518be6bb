"""Who may do what, for every role in the own congress and in a foreign one."""

from __future__ import annotations

import pytest

from congress.accounts import rules
from congress.accounts.rules import Held, RoleKind

OWN, FOREIGN = 1, 2
QUESTIONS = (
    rules.may_see_desk,
    rules.may_read_programme,
    rules.may_edit_programme,
    rules.may_see_registrations,
    rules.may_edit_registrations,
    rules.may_see_sensitive,
    rules.is_coordinator,
    rules.may_check_in,
    rules.may_see_privacy,
)

# Role, its congress, and what it may in congress OWN: see the desk, read the draft, edit it, see and edit registrations, see what is
# sensitive, look after a field, stand at a door, look after privacy.
YES, NO = True, False
EVERYTHING = (YES, YES, YES, YES, YES, YES, NO, YES, YES)
TABLE = [
    (Held(RoleKind.SITE, None), EVERYTHING),
    (Held(RoleKind.SECRETARIAT, OWN), (YES, YES, NO, YES, NO, NO, NO, NO, NO)),
    (Held(RoleKind.ORGANISER, OWN), EVERYTHING),
    (Held(RoleKind.ORGANISER, OWN, city="katowice"), EVERYTHING),
    (Held(RoleKind.REGISTRATION_DESK, OWN), (YES, YES, NO, YES, YES, NO, NO, YES, NO)),
    (Held(RoleKind.CHECK_IN, OWN), (YES, NO, NO, NO, NO, NO, NO, YES, NO)),
    (Held(RoleKind.PROGRAMME_READER, OWN), (YES, YES, NO, NO, NO, NO, NO, NO, NO)),
    (Held(RoleKind.FIELD_COORDINATOR, OWN, field="film"), (YES, NO, NO, NO, NO, NO, YES, NO, NO)),
    (Held(RoleKind.DATA_PROTECTION, OWN), (YES, NO, NO, NO, NO, NO, NO, NO, YES)),
    *((Held(kind, FOREIGN, field="film"), (NO,) * 9) for kind in RoleKind if kind is not RoleKind.SITE),
]


def test_the_table_holds_every_role():
    assert {held.kind for held, _may in TABLE} == set(RoleKind)


@pytest.mark.parametrize(("held", "may"), TABLE)
def test_a_role_allows_just_this(held, may):
    assert tuple(question([held], OWN) for question in QUESTIONS) == may


def test_without_a_role_nothing_is_allowed():
    assert [question([], OWN) for question in QUESTIONS] == [False] * len(QUESTIONS)


def test_of_several_roles_the_best_counts():
    held = [Held(RoleKind.ORGANISER, FOREIGN), Held(RoleKind.PROGRAMME_READER, OWN)]
    assert [question(held, OWN) for question in QUESTIONS] == [True, True, *[False] * 7]
    assert [question(held, FOREIGN) for question in QUESTIONS] == list(EVERYTHING)


@pytest.mark.parametrize(
    ("held", "cities"),
    [
        (Held(RoleKind.SITE, None), {"krakow", "katowice"}),
        (Held(RoleKind.ORGANISER, OWN), {"krakow", "katowice"}),
        (Held(RoleKind.ORGANISER, OWN, city="katowice"), {"katowice"}),
        (Held(RoleKind.ORGANISER, FOREIGN, city="katowice"), set()),
        (Held(RoleKind.REGISTRATION_DESK, OWN), set()),
        (Held(RoleKind.PROGRAMME_READER, OWN), set()),
        (Held(RoleKind.FIELD_COORDINATOR, OWN, field="film"), set()),
    ],
)
def test_venues_of_a_city_belong_to_its_own_team(held, cities):
    assert {city for city in ("krakow", "katowice") if rules.may_edit_venue([held], OWN, city)} == cities


def test_a_coordinator_proposes_for_the_own_fields_in_the_own_congress_only():
    held = [Held(RoleKind.FIELD_COORDINATOR, OWN, field="film"), Held(RoleKind.FIELD_COORDINATOR, FOREIGN, field="music")]
    assert [rules.may_propose(held, OWN, field) for field in ("film", "music", "")] == [True, False, False]
    assert (rules.fields_of(held, OWN), rules.fields_of(held, FOREIGN)) == ({"film"}, {"music"})


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (Held(RoleKind.SITE, None), (False, True, True, True, False)),
        (Held(RoleKind.ORGANISER, OWN), (False, True, True, True, False)),
        (Held(RoleKind.ORGANISER, OWN, city="katowice"), (False, False, True, True, False)),
        (Held(RoleKind.REGISTRATION_DESK, OWN), (False,) * 5),
        (Held(RoleKind.FIELD_COORDINATOR, OWN, field="film"), (False,) * 5),
    ],
)
def test_nobody_gives_a_role_that_reaches_further_than_the_own_one(held, may):
    wanted = (
        Held(RoleKind.SITE, None),
        Held(RoleKind.ORGANISER, OWN),
        Held(RoleKind.ORGANISER, OWN, city="katowice"),
        Held(RoleKind.FIELD_COORDINATOR, OWN, field="film"),
        Held(RoleKind.PROGRAMME_READER, FOREIGN),
    )
    assert tuple(rules.may_give([held], OWN, each) for each in wanted) == may
