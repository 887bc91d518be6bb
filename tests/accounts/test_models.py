"""Accounts and roles in the database."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from congress import demo
from congress.accounts.models import Account, Role
from congress.accounts.queries import find_account
from congress.accounts.rules import Held, RoleKind
from congress.core.db import db
from tests.factories import NOW, the_congress


def make_account(email: str = "anna@krakow.example") -> Account:
    account = Account(email=email, name="Anna", fs_uniquifier=email, created_at=NOW)
    db.session.add(account)
    db.session.flush()
    return account


def test_the_account_is_found_whatever_the_case_of_its_address(undone):
    assert find_account(f"  {demo.ORGANISER.upper()} ").email == demo.ORGANISER


def test_no_account_is_found_for_another_address(undone):
    assert find_account("nobody@krakow.example") is None


def test_roles_are_handed_to_the_rules_as_plain_values(undone):
    assert find_account(demo.ORGANISER).held == [Held(RoleKind.ORGANISER, the_congress().id)]


def test_an_address_has_one_account(undone):
    make_account()
    with pytest.raises(IntegrityError):
        make_account()


def test_an_organiser_of_no_congress_is_refused(undone):
    account = make_account()
    account.roles_held.append(Role(kind=RoleKind.ORGANISER, congress_id=None))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_site_administrator_of_one_congress_is_refused(undone):
    account = make_account()
    account.roles_held.append(Role(kind=RoleKind.SITE, congress_id=the_congress().id))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_role_is_held_once(undone):
    account, congress = make_account(), the_congress()
    account.roles_held.extend(Role(kind=RoleKind.ORGANISER, congress_id=congress.id) for _ in range(2))
    with pytest.raises(IntegrityError):
        db.session.flush()
