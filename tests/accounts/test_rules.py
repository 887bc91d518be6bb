"""Who may do what, for every role in the own congress and in a foreign one."""

from __future__ import annotations

import pytest

from congress.accounts import rules
from congress.accounts.rules import Held, RoleKind

OWN, FOREIGN = 1, 2
QUESTIONS = (
    rules.may_see_desk,
    rules.may_edit_programme,
    rules.may_see_registrations,
    rules.may_edit_registrations,
    rules.may_see_sensitive,
)

# Role, its congress, and what it may in congress OWN: see the desk, edit the programme, see and edit registrations, see what is sensitive.
TABLE = [
    (RoleKind.SITE, None, (True, True, True, True, True)),
    (RoleKind.ORGANISER, OWN, (True, True, True, True, True)),
    (RoleKind.ORGANISER, FOREIGN, (False, False, False, False, False)),
    (RoleKind.REGISTRATION_DESK, OWN, (True, False, True, True, False)),
    (RoleKind.REGISTRATION_DESK, FOREIGN, (False, False, False, False, False)),
    (RoleKind.PROGRAMME_READER, OWN, (True, False, False, False, False)),
    (RoleKind.FIELD_COORDINATOR, OWN, (True, False, False, False, False)),
    (RoleKind.FIELD_COORDINATOR, FOREIGN, (False, False, False, False, False)),
    (RoleKind.PROGRAMME_READER, FOREIGN, (False, False, False, False, False)),
]


def test_the_table_holds_every_role():
    assert {kind for kind, _scope, _may in TABLE} == set(RoleKind)


@pytest.mark.parametrize(("kind", "scope", "may"), TABLE)
def test_a_role_allows_just_this(kind, scope, may):
    assert tuple(question([Held(kind, scope)], OWN) for question in QUESTIONS) == may


def test_without_a_role_nothing_is_allowed():
    assert [question([], OWN) for question in QUESTIONS] == [False] * 5


def test_of_several_roles_the_best_counts():
    held = [Held(RoleKind.ORGANISER, FOREIGN), Held(RoleKind.PROGRAMME_READER, OWN)]
    assert [question(held, OWN) for question in QUESTIONS] == [True, False, False, False, False]
    assert [question(held, FOREIGN) for question in QUESTIONS] == [True] * 5
