"""Every address behind a secret link or a sign-in, derived from the URL map, with every kind of wrong link: nothing is shown or done."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.routing import AnyConverter, Rule

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.models import Congress
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.core.tokens import derive_token
from congress.delegates import services as delegations
from congress.delegates.vocabulary import DelegationState
from congress.registration import services
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, everything, make_full_registration, the_congress, the_network

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

# Names that no page behind a wrong link may show: of people, cities and accounts of the tests.
SECRETS = ("Nomsa", "kanazawa.example", "focal@kanazawa")
VALUES = {
    "code": "P037", "purpose": "own", "name": "krakowice2018", "step": "travel", "public_id": str(uuid.UUID(int=1)),
    "fingerprint": "f" * 64, "filename": "x.js", "template": "registration_received", "language": "en", "category": "delegate", "key": "x", "kind": "main",
}  # fmt: skip
SIGN_IN = ("security.", "desk.home.index")


def rules(app: Flask, start: str) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if rule.rule.startswith(start)), key=lambda rule: rule.rule)


def address(app: Flask, rule: Rule, **values: object) -> str:
    """An address of the rule; ids and words that were not given are such as no row has."""
    filled = {name: values.get(name, VALUES.get(name, 2**31 - 1)) for name in rule.arguments}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            filled[name] = min(converter.items)
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, filled | (rule.defaults or {})))


def behind_links(app: Flask) -> list[Rule]:
    """What a token opens. Pages of one's own visit (``/my/everything/``) are opened by a cookie."""
    return [rule for rule in rules(app, "/my/") if "token" in rule.arguments]


def asked(client: FlaskClient, rule: Rule, path: str, token: str) -> Iterator[tuple[str, int, str]]:
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        answer = client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
        text = answer.data.decode("utf-8", "replace")  # some are no text
        answer.close()
        yield method, answer.status_code, text


@pytest.fixture
def links(app: Flask) -> dict[str, str]:
    """Links that are right: of a person, of somebody replaced, of one who withdrew, and of a city's delegation, now and before."""
    key = app.config["SECRET_KEY"]
    with app.app_context():
        begin_writing()
        person, gone = make_full_registration(), make_full_registration()
        services.confirm(person, actor=HOSTS, now=NOW)
        services.withdraw(gone, now=NOW)
        delegation = person.delegate.delegation
        assert delegation is not None
        delegation.state, delegation.focal_email = DelegationState.INVITED, "focal@kanazawa.example"
        old = delegations.link_token(delegation, key)
        delegation.link_version += 1
        found = {
            "person": services.link_token(person, key),
            "gone": services.link_token(gone, key),
            "delegation": delegations.link_token(delegation, key),
            "old delegation": old,
            "old person": derive_token(key, "registration", person.public_id, person.link_version + 1),
        }
        db.session.commit()
        return found


def wrong_tokens(links: dict[str, str]) -> dict[str, str]:
    person, delegation = links["person"], links["delegation"]
    edited = {f"{name}, one sign changed": ("b" if token[0] == "a" else "a") + token[1:] for name, token in links.items()}
    return {
        "of nobody": derive_token("another key", "registration", "x", 1),
        "cut": person[:-1],
        "longer": f"{delegation}a",
        "in capitals": person.upper(),
        "very long": "a" * 4000,
        "quotes": "'or'1'='1",
        "not yet issued": links["old person"],
        "revoked": links["old delegation"],
        **edited,
    }


def test_a_wrong_secret_link_opens_nothing_anywhere(app, client, links):
    token = csrf_token(client, "/krakowice2018/newsletter/")
    assert token
    with app.app_context():
        before = everything()
    wrong, seen = {}, 0
    for rule in behind_links(app):
        for what, secret in wrong_tokens(links).items():
            path = address(app, rule, token=secret)
            for method, status, text in asked(client, rule, path, token):
                seen += 1
                shown = [name for name in SECRETS if name in text]
                ended = what == "revoked" and rule.rule.startswith("/my/delegation/")
                if status != (410 if ended else 404) or shown:
                    wrong[f"{method} {rule.rule} ({what})"] = (status, shown)
    with app.app_context():
        assert (wrong, seen > 200, everything() == before) == ({}, True, True)


def test_a_link_of_one_kind_does_not_open_what_is_of_another(app, client, links):
    token = csrf_token(client, "/krakowice2018/newsletter/")
    with app.app_context():
        before = everything()
    wrong = {}
    for rule in behind_links(app):
        kind = rule.rule.split("/")[2]
        others = {"registration": ["delegation"], "delegation": ["person", "gone"]}.get(kind, ["person", "delegation"])
        for other in others:
            for method, status, text in asked(client, rule, address(app, rule, token=links[other]), token):
                shown = [name for name in SECRETS if name in text]
                if status not in {404, 410} or shown:
                    wrong[f"{method} {rule.rule} ({other})"] = (status, shown)
    with app.app_context():
        assert (wrong, everything() == before) == ({}, True)


def test_a_cookie_that_is_none_leads_to_the_door(app, client, links):
    token = csrf_token(client, "/krakowice2018/newsletter/")
    with app.app_context():
        before = everything()
    wrong, seen = {}, 0
    for secret in ("", links["person"], links["delegation"], "'or'1'='1"):
        client.set_cookie("everything", secret)
        for rule in (rule for rule in rules(app, "/my/") if "token" not in rule.arguments):
            for method, status, text in asked(client, rule, address(app, rule, network="uccn", city="kanazawa"), token):
                seen += 1
                shown = [name for name in SECRETS if name in text]
                if status != 303 or '"/sign-in/' not in text or shown:
                    wrong[f"{method} {rule.rule} ({secret})"] = (status, shown)
    with app.app_context():
        assert (wrong, seen > 30, everything() == before) == ({}, True, True)


def test_who_left_changes_nothing_and_sees_nobody_else(app, client, links):
    """The own data may still be taken away and erased."""
    token = csrf_token(client, "/krakowice2018/newsletter/")
    with app.app_context():
        before = everything()
    wrong = {}
    for rule in rules(app, "/my/registration/"):
        if rule.endpoint.startswith("my.data."):
            continue
        for method, status, _text in asked(client, rule, address(app, rule, token=links["gone"]), token):
            if status not in {303, 404, 410}:
                wrong[f"{method} {rule.rule}"] = status
    with app.app_context():
        assert (wrong, everything() == before) == ({}, True)


def test_no_person_of_another_city_is_reached_through_a_delegation(app, client, links):
    token = csrf_token(client, "/krakowice2018/newsletter/")
    with app.app_context():
        begin_writing()
        stranger = make_full_registration(city="tetouan").id
        db.session.commit()
        before = everything()
    wrong, seen = {}, 0
    for rule in rules(app, "/my/delegation/"):
        numbers = {name: stranger for name in rule.arguments if name.endswith("_id") and name != "public_id"}
        if not numbers:
            continue
        for method, status, text in asked(client, rule, address(app, rule, token=links["delegation"], **numbers), token):
            seen += 1
            if status not in {404, 410} or "Nomsa" in re.sub(r"<option.*?</option>", "", text):
                wrong[f"{method} {rule.rule}"] = status
    with app.app_context():
        after = everything()
    changed = [table for table in before if before[table] != after[table] and table not in {"delegations", "delegation_events"}]
    assert (wrong, changed) == ({}, [])
    assert seen > 5


def make_stranger(app: Flask) -> FlaskClient:
    """The browser of an organiser of another congress."""
    with app.app_context():
        begin_writing()
        model = the_congress()
        other = Congress(
            network=the_network(), slug="elsewhere2019", names=Localised(en="Elsewhere"), long_names=Localised(en="Elsewhere"),
            themes=Localised(), descriptions=Localised(), starts_on=model.starts_on, ends_on=model.ends_on,
            timezone=model.timezone, languages=["en", "pl"],
        )  # fmt: skip
        account = Account(
            email="else@krakowice.example", name="Else", password=hash_password("a long password"),
            fs_uniquifier=uuid.uuid4().hex, created_at=NOW,
        )  # fmt: skip
        db.session.add_all([other, account])
        db.session.flush()
        account.roles_held.append(Role(kind=RoleKind.ORGANISER, congress_id=other.id))
        db.session.commit()
    client = app.test_client()
    form = {"email": "else@krakowice.example", "password": "a long password"}
    answer = client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    assert answer.status_code == 302
    return client


def test_nobody_gets_in_at_the_desk_without_a_role_in_that_congress(app, client, links):
    stranger = make_stranger(app)
    with app.app_context():
        before = everything()
    wrong = {}
    for browser, name in ((client, "nobody"), (stranger, "organiser of another congress")):
        token = csrf_token(browser, "/krakowice2018/newsletter/")
        for rule in rules(app, "/desk/" if name == "nobody" else "/desk/<congress>/"):  # what is left is everybody's own account
            if rule.endpoint.startswith(SIGN_IN):
                continue
            for method, status, text in asked(browser, rule, address(app, rule, congress="krakowice2018"), token):
                allowed = {302, 404} if name == "nobody" and method == "GET" else {403, 404}
                if status not in allowed or any(secret in text for secret in SECRETS):
                    wrong[f"{method} {rule.rule} ({name})"] = status
    with app.app_context():
        assert (wrong, everything() == before) == ({}, True)
