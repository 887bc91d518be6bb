"""Every route of the application, derived from the URL map, asked by everybody there is: nobody sees or does what is not theirs.

The program's table says what stands before a route (congress/desk/doors.py, and rights.py for a congress's desk); here it stands, apart from
it, who passes. A new route of which nobody has decided fails, and so do a rule or a guard that is gone: both are tried.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from congress.accounts import rules as account_rules
from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.delegates import services as delegations
from congress.delegates.models import Person
from congress.delegates.vocabulary import DelegationState
from congress.desk import doors, rights
from congress.desk.doors import Door
from congress.registration import services
from tests.conftest import csrf_token, sign_in_as
from tests.factories import HOSTS, NOW, everything, make_registration, the_congress
from tests.web.test_wrong_links import address, asked, make_stranger, rules

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
NEWSLETTER, DESK_OF_A_CONGRESS = "/krakowice2018/newsletter/", "/desk/<congress>/"
SITE, OFFICE, TEAM, CITY, DESK, DOOR, READER, FIELD, GUARD = (
    "site", "secretariat", "organiser", "organiser of a city", "registration desk", "check-in", "reader", "coordinator", "data protection",
)  # fmt: skip
ROLES = {
    SITE: Role(kind=RoleKind.SITE),
    OFFICE: Role(kind=RoleKind.SECRETARIAT),
    TEAM: Role(kind=RoleKind.ORGANISER),
    CITY: Role(kind=RoleKind.ORGANISER, city="katowice"),
    DESK: Role(kind=RoleKind.REGISTRATION_DESK),
    DOOR: Role(kind=RoleKind.CHECK_IN),
    READER: Role(kind=RoleKind.PROGRAMME_READER),
    FIELD: Role(kind=RoleKind.FIELD_COORDINATOR, field="literature"),
    GUARD: Role(kind=RoleKind.DATA_PROTECTION),
}
EVERYBODY, ORGANISERS = set(ROLES), {SITE, TEAM, CITY}
READERS, PEOPLE = ORGANISERS | {OFFICE, DESK, READER}, ORGANISERS | {OFFICE, DESK}
# Who sees the pages of an area, and who changes something there.
EXPECTED: dict[rights.Area, tuple[set[str], set[str]]] = {
    rights.OVERVIEW: (EVERYBODY, ORGANISERS),
    rights.PROGRAMME: (READERS, ORGANISERS),
    rights.READERS_OWN: (READERS, READERS),
    rights.ORGANISERS: (ORGANISERS, ORGANISERS),
    rights.FIELD: ({FIELD}, {FIELD}),
    rights.PEOPLE: (PEOPLE, ORGANISERS | {DESK}),
    rights.LIMITS: (PEOPLE, ORGANISERS),
    rights.SENSITIVE: (ORGANISERS, ORGANISERS),
    rights.DOORS: (ORGANISERS | {DESK, DOOR}, ORGANISERS | {DESK}),
    rights.PRIVACY: (ORGANISERS | {GUARD}, ORGANISERS | {GUARD}),
}
# Outside a congress's desk: which columns of the table pass.
NOBODY, LINK, ACCOUNT = doors.ANYBODY, doors.OWN_LINK, doors.NO_ROLE
OUTSIDE: dict[Door, set[str]] = {
    doors.NOBODY: set(),
    doors.EVERYBODY: set(doors.COLUMNS),
    doors.ACCOUNT: set(doors.COLUMNS) - {NOBODY, LINK},
    doors.PRIVACY: {RoleKind.SITE, RoleKind.ORGANISER, doors.OF_A_CITY, RoleKind.DATA_PROTECTION},
    doors.NETWORK: {RoleKind.SITE, RoleKind.SECRETARIAT},
    doors.OPERATOR: set(),
    **{
        door: {LINK}
        for door in (
            doors.PERSON, doors.CITY, doors.VISITOR, doors.SUBSCRIBER, doors.SPEAKER, doors.CALENDAR, doors.ADDRESS, doors.MAILED,
        )
    },
}  # fmt: skip
NAMES = {SITE: RoleKind.SITE, CITY: doors.OF_A_CITY} | {
    who: role.kind for who, role in ROLES.items() if who not in {SITE, CITY}
}  # the columns of the table for those who ask here


def become(app: Flask, who: str) -> FlaskClient:
    """The browser of somebody who has just this role."""
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with app.app_context():
        role = db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one()
        wanted, congress = ROLES[who], the_congress()
        role.kind, role.field, role.city = wanted.kind, wanted.field or "", wanted.city or ""
        role.congress_id = None if who in {SITE, OFFICE} else congress.id
        role.network_id = congress.network_id if who == OFFICE else None
        db.session.commit()
    return client


def _one_of_each(app: Flask) -> list[Rule]:
    """A route of each area for each way of asking."""
    found = {(rights.area(rule.endpoint), *sorted(rule.methods or ())): rule for rule in rules(app, DESK_OF_A_CONGRESS)}
    return list(found.values())


def answers(
    app: Flask, client: FlaskClient, start: str = DESK_OF_A_CONGRESS, chosen: list[Rule] | None = None
) -> dict[tuple[str, str, str], tuple[int, str]]:
    """What each address of the congress's desk answers, or each of those chosen: by method, endpoint and address."""
    token = csrf_token(client, NEWSLETTER)
    found = {}
    for rule in chosen or rules(app, start):
        for method, status, text in asked(
            client, rule, address(app, rule, congress="krakowice2018", registration_id=1, delegation_id=1), token
        ):
            found[method, rule.endpoint, rule.rule] = status, text
    return found


def wrongly_answered(found: dict[tuple[str, str, str], tuple[int, str]], who: str) -> dict[str, int]:
    """The addresses that open to somebody to whom they must not, or do not open where they should."""
    wrong = {}
    for (method, endpoint, path), (status, _text) in found.items():
        sees, changes = EXPECTED[rights.area(endpoint)]
        may = who in sees if method == "GET" else who in sees & changes
        if may == (status == 403) or status >= 500:
            wrong[f"{method} {path}"] = status
    return wrong


@ON_SQLITE
def test_the_table_says_of_each_route_whose_it_is(app: Flask):
    missing = doors.undecided(app.url_map.iter_rules())
    assert missing == [], (
        f"Add a line to AREAS (congress/desk/rights.py) or DOORS (congress/desk/doors.py) for: {', '.join(missing)}"
    )
    endpoints = {rule.endpoint for rule in rules(app, "/desk/<congress>/")}
    blueprints = {endpoint.split(".")[1] for endpoint in endpoints}
    gone = [name for name in rights.AREAS if f"desk.{name}" not in endpoints and name not in blueprints]
    assert gone == [], "No page of the desk has these names any more: take them out of AREAS in congress/desk/rights.py."


@ON_SQLITE
def test_the_table_that_is_shown_is_the_one_that_is_tried(app: Flask):
    of_rule = {(rule.rule, rule.endpoint): rule for rule in app.url_map.iter_rules()}
    wrong = {}
    for row in doors.table(app.url_map):
        door = doors.find_door(of_rule[row.rule, row.endpoint])
        if isinstance(door, Door):
            sees = changes = OUTSIDE[door]
        else:
            sees, changes = ({NAMES[who] for who in each} for each in EXPECTED[door])
            changes &= sees
        if row.reads not in {None, frozenset(sees)} or row.writes not in {None, frozenset(changes)}:
            wrong[row.rule] = (row.reads, row.writes)
    assert wrong == {}


@ON_SQLITE
@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_what_the_table_gives_to_it_and_nothing_else(app: Flask, who: str):
    """Nor do those who are not concerned with people read anything of them, or change anything but what is their own."""
    client = become(app, who)
    with app.app_context():
        people = db.session.execute(select(Person.email, Person.given_name, Person.family_name)).all()
        secrets = [each for email, given, family in people for each in (email, f"{given} {family}")]
        before = everything()
    # What one area opens to a team it opens to its part and to the site: there one page of each area and method will do.
    found = answers(app, client, chosen=_one_of_each(app) if who in {SITE, CITY} else None)
    assert wrongly_answered(found, who) == {}
    shown = [place for place, (_status, text) in found.items() if any(secret in text for secret in secrets)]
    assert len(shown) >= (1 if who in {SITE, CITY} else 6) if who in PEOPLE else shown == []
    if who in ORGANISERS | {DESK, GUARD}:
        return
    with app.app_context():
        after = everything()
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {"feed_tokens", "accounts", "audit_entries", "sign_ins"}


@ON_SQLITE
@pytest.mark.parametrize("when", ["elsewhere", "over", "not yet"])
def test_a_role_in_another_congress_or_at_another_time_opens_nothing(app: Flask, when: str):
    stranger, today = make_stranger(app), now().date()
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "else@krakowice.example")).one()
        scope = account.roles_held[0].congress_id if when == "elsewhere" else the_congress().id
        dates = {"over": {"ends_on": today}, "not yet": {"starts_on": today + timedelta(days=1)}, "elsewhere": {}}[when]
        # Site and network are everywhere: only time ends them. Who is organiser elsewhere already is not so twice.
        account.roles_held += [
            Role(
                kind=role.kind, field=role.field or "", city=role.city or "", **dates, congress_id=None if who in {SITE, OFFICE} else scope,
                network_id=the_congress().network_id if who == OFFICE else None,
            )
            for who, role in ROLES.items() if when != "elsewhere" or who not in {SITE, OFFICE, TEAM}
        ]  # fmt: skip
        db.session.commit()
        before = everything()
    found = answers(app, stranger, chosen=_one_of_each(app) if when == "not yet" else None)
    with app.app_context():
        assert ({status for status, _text in found.values()}, everything() == before) == ({403}, True)


def test_without_an_account_only_public_pages_open(app: Flask, client: FlaskClient):
    token = csrf_token(client, NEWSLETTER)
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"  # not the machine itself, which operators may ask from
    wrong, seen = {}, 0
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: "sign-out" in rule.rule):  # after which tokens are others
        door = doors.find_door(rule)
        passes = isinstance(door, Door) and NOBODY in OUTSIDE[door]
        for method, status, _text in asked(client, rule, _address(app, rule), token):
            seen += 1
            is_closed = status in {401, 403} if passes else status in {302, 303, 401, 403, 404, 410}
            if passes == is_closed or status >= 500:
                wrong[f"{method} {rule.rule}"] = status
    assert (wrong, seen > 300) == ({}, True)


def _address(app: Flask, rule: Rule) -> str:
    return address(app, rule, congress="krakowice2018", token="a" * 43)


def test_the_own_link_opens_the_own_pages_and_those_of_nobody_else(app: Flask, client: FlaskClient):
    """Wrong, foreign and ended links, asked everywhere: tests/web/test_wrong_links.py."""
    key = app.config["SECRET_KEY"]
    with app.app_context():
        begin_writing()
        person, other = make_registration(), make_registration(city="tetouan")
        services.confirm(person, actor=HOSTS, now=NOW)
        delegation = person.delegate.delegation
        delegation.state, delegation.focal_email = DelegationState.INVITED, "focal@kanazawa.example"
        own = {doors.PERSON: services.link_token(person, key), doors.CITY: delegations.link_token(delegation, key)}
        ids = {"own": person.id, "foreign": other.id}
        db.session.commit()
    wrong, seen = {}, 0
    for rule in app.url_map.iter_rules():
        door, needs = doors.find_door(rule), set(rule.arguments) & {"public_id", "offering_id"}  # of things that nobody has here
        if (
            door not in own or "GET" not in (rule.methods or ()) or needs or rule.endpoint == "my.delegation_lists.copy"
        ):  # of an earlier congress
            continue
        for whose, number in ids.items():
            status = client.get(
                address(app, rule, token=own[door], registration_id=number, action="give", kind="photos")
            ).status_code
            seen += 1
            if (status in {200, 302, 303}) != (whose == "own" or "registration_id" not in rule.arguments):
                wrong[rule.rule, whose] = status
    assert (wrong, seen > 30) == ({}, True)


@ON_SQLITE
def test_a_rule_that_is_gone_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(account_rules.may_edit_registrations, "__code__", (lambda held, congress_id: True).__code__)
    wrong = wrongly_answered(answers(app, become(app, OFFICE), "/desk/<congress>/registrations/<"), OFFICE)
    assert len(wrong) > 4
    assert {path.partition(" ")[0] for path in wrong} == {"POST"}


@ON_SQLITE
def test_a_guard_that_is_gone_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rights, "need", lambda endpoint, is_change: None)
    wrong = wrongly_answered(answers(app, become(app, READER), "/desk/<congress>/registrations/<"), READER)
    assert len(wrong) > 8


def test_a_route_without_a_decision_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(rights.AREAS, "audit")
    monkeypatch.delitem(doors.DOORS, "public.now")
    found = doors.undecided(app.url_map.iter_rules())
    assert {each.split(" ")[0] for each in found} == {
        "desk.audit.index",
        "desk.audit.export",
        "public.now.index",
        "public.now.part",
    }
