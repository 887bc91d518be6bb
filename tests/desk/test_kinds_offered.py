"""A study visit of a network without fields and mayors: what its pages offer and say, beside those of a congress."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.beginning import Begun, begin_congress
from congress.congresses.models import CongressKind
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.beginning import offer_usual_roles
from congress.networks import queries as networks
from congress.web import feed_words
from congress.web.language import speaking
from tests.conftest import sign_in_as
from tests.factories import the_city

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
ROLES = ["delegate", "host_staff", "speaker"]


@pytest.fixture
def visit(app: Flask) -> str:
    """The slug of a study visit of the Polish network, shown to everybody and open."""
    with app.app_context():
        network, name, day = networks.find_network("koalicja-miast"), Localised(en="Visit", pl="Wizyta"), now().date()
        assert network is not None
        begun = Begun(
            slug="visit-2018", kind=CongressKind.STUDY_VISIT, names=name, long_names=name, starts_on=day, ends_on=day + timedelta(days=30),
            timezone="Europe/Warsaw", languages=["pl", "en"],
        )  # fmt: skip
        made = begin_congress(network, begun, [the_city("wroclaw")])
        offer_usual_roles(made)
        made.is_published, made.registration_opens_at = True, now() - timedelta(days=1)
        db.session.commit()
        return made.slug


@pytest.fixture
def site_admin(app: Flask) -> FlaskClient:
    """The browser of somebody who works on every congress."""
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with app.app_context():
        role = db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one()
        role.kind, role.congress_id = RoleKind.SITE, None
        db.session.commit()
    return client


def choices(page: str, name: str) -> list[str]:
    """What a list of choices offers, the empty one left out; none where there is no such list."""
    found = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    return [each for each in re.findall(r'<option[^>]*value="([^"]*)"', found[1]) if each] if found else []


def test_it_offers_what_it_has(visit: str, site_admin: FlaskClient):
    desk, other = f"/desk/{visit}", "/desk/krakowice2018"
    offered = {
        (path, name): choices(site_admin.get(f"{desk}/{path}").text, name)
        for path, name in (
            ("registrations/new", "category"), ("windows/new", "category"), ("registrations/", "category"), ("roles/", "field"),
            ("delegations/", "field"), ("delegations/", "level"), ("items/new", "field"), ("items/new", "audience"),
        )
    }  # fmt: skip
    assert offered == {
        ("registrations/new", "category"): ROLES,
        ("windows/new", "category"): ROLES,
        ("registrations/", "category"): ROLES,
        ("roles/", "field"): [],
        ("delegations/", "field"): [],
        ("delegations/", "level"): ["initiator", "partner"],
        ("items/new", "field"): [],
        ("items/new", "audience"): ["everyone", "delegates", "invitation"],
    }
    elsewhere = [
        choices(site_admin.get(f"{other}/{path}").text, name)
        for path, name in (("windows/new", "category"), ("items/new", "field"))
    ]
    assert [len(each) for each in elsewhere] == [10, 7]
    kinds = choices(site_admin.get(f"{desk}/items/new").text, "kind")
    assert ("workshop" in kinds, {"mayors", "steering", "subgroup", "integration"} & set(kinds)) == (True, set())


def test_the_invitation_list_is_narrowed_by_level(visit: str, site_admin: FlaskClient):
    found = {
        level: re.findall(r"<caption>(.*?) ·", site_admin.get(f"/desk/{visit}/delegations/?level={level}&lang=en").text)
        for level in ("", "initiator", "partner", "emperor")
    }
    assert found == {
        "": ["7 of 7 cities"],
        "initiator": ["1 of 7 cities"],
        "partner": ["6 of 7 cities"],
        "emperor": ["7 of 7 cities"],
    }


@pytest.mark.parametrize(
    ("language", "says", "never"),
    [
        (
            "pl",
            ["Rola podczas wizyty studyjnej", "Uczestnik lub uczestniczka z miasta członkowskiego"],
            r"(?i)\bkongres(?!y)|delegat|burmistrz",
        ),
        ("en", ["Role at the study visit", "Participant from a member city"], r"(?i)\bcongress(?!es)|delegate|mayor"),
    ],
)
def test_its_pages_say_what_it_is(visit: str, client: FlaskClient, language: str, says: list[str], never: str):
    page = client.get(f"/{visit}/registration/?lang={language}").text
    home = client.get(f"/{visit}/?lang={language}").text
    said = [re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]*>", " ", each, flags=re.DOTALL) for each in (page, home)]
    assert ([each for each in says if each not in page], [re.findall(never, each) for each in said]) == ([], [[], []])
    assert choices(page, "category") == ROLES


def test_calendars_have_words_of_each_kind_whoever_asks_first(app: Flask):
    with app.app_context():
        feed_words.words.cache_clear()
        with speaking("en", CongressKind.STUDY_VISIT):
            said = [feed_words.words("pl", kind).audiences["delegates"] for kind in (CongressKind.CONGRESS, CongressKind.SEMINAR)]
    assert said == ["tylko dla delegacji", "tylko dla uczestników"]
