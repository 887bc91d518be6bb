"""The own account, links that are mailed, invitations, and what organisers may do about how others sign in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts import audit, queries, rules
from congress.accounts.models import Account
from congress.accounts.rules import Held, RoleKind
from congress.accounts.signing import factors, totp
from congress.accounts.signing.models import RecoveryCode
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web.mail import compose
from tests.conftest import csrf_token
from tests.factories import the_congress

AT = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)
NEW = "correct horse battery staple"
ACCOUNT, ROLES, ACCOUNTS = "/desk/account/", "/desk/krakowice2018/roles/", "/desk/krakowice2018/accounts/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as moving:
        yield moving


def post(client: FlaskClient, path: str, page: str = ACCOUNT, **fields: str):
    return client.post(path, data={**fields, "csrf_token": csrf_token(client, page)})


def signed_in(app: Flask, password: str = "", email: str = demo.ORGANISER) -> FlaskClient:
    client = app.test_client()
    password = password or demo.organiser_password(app.config["SECRET_KEY"])
    post(client, "/desk/sign-in", "/desk/sign-in", email=email, password=password)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


def mails(app: Flask) -> list[tuple[str, str, str]]:
    """Whom, which, and the path of its link, if it wants to leave now."""
    found = []
    with app.app_context():
        for message in db.session.scalars(select(Message).where(Message.template.like("account_%")).order_by(Message.id)):
            try:
                body = compose(message).get_body(("plain",))
            except NotWanted:
                continue
            assert body is not None
            link = re.search(r"https?://[^/]+(/desk/\S+)", body.get_content())
            found.append((message.recipient, message.template, link[1] if link else ""))
    return found


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.kind == "accounts").order_by(audit.AuditEntry.id)
        )
        return [(each.what, each.label) for each in found]


def set_up_app(client: FlaskClient) -> str:
    """The answer to setting up an app, as somebody does who reads the key from the page."""
    secret = re.search(r'class="key">([A-Z2-7 ]+)<', client.get(f"{ACCOUNT}app").text)
    assert secret
    code = totp.code(secret[1].replace(" ", ""), int(AT.timestamp()) // totp.STEP)
    return post(client, f"{ACCOUNT}app", f"{ACCOUNT}app", code=code).text


def test_a_new_password_by_link_signs_everybody_else_out_and_the_link_is_good_once(app: Flask):
    other, client = signed_in(app), app.test_client()
    post(client, "/desk/password", "/desk/password", email=demo.ORGANISER)
    [(to, _template, link)] = mails(app)
    assert (to, client.get(link).status_code, is_in(other)) == (demo.ORGANISER, 200, True)
    assert post(client, link, link, password="krakowice12").status_code == 422
    assert (post(client, link, link, password=NEW).status_code, is_in(client), is_in(other)) == (302, True, False)
    assert (client.get(link).status_code, client.get(link[:-1] + "0").status_code) == (410, 404)
    assert (is_in(signed_in(app)), is_in(signed_in(app, NEW))) == (False, True)
    assert ("password_changed", "link") in deeds(app)


def test_a_link_to_a_new_password_does_not_spare_the_second_factor(app: Flask):
    with app.app_context():
        account = queries.find_account(demo.ORGANISER)
        assert account
        account.totp_secret = totp.new_secret()
        db.session.commit()
    client = app.test_client()
    post(client, "/desk/password", "/desk/password", email=demo.ORGANISER)
    link = mails(app)[0][2]
    assert post(client, link, link, password=NEW).location.startswith("/desk/sign-in/second-factor")
    assert not is_in(client)


@pytest.mark.parametrize(("path", "hours"), [("password", 1), ("invitation", 24 * 7)])
def test_links_end(app: Flask, client: FlaskClient, clock, path: str, hours: int):
    if path == "password":
        post(client, "/desk/password", "/desk/password", email=demo.ORGANISER)
    else:
        post(signed_in(app), ROLES, ROLES, email="new@krakow.example", kind="organiser")
    link = mails(app)[0][2]
    clock.shift(timedelta(hours=hours, seconds=-1))
    before = client.get(link).status_code
    clock.shift(timedelta(seconds=1))
    assert (before, client.get(link).status_code) == (200, 410)


def test_the_password_is_changed_here_and_everybody_else_is_signed_out(app: Flask):
    client, other = signed_in(app), signed_in(app)
    assert post(client, f"{ACCOUNT}password", password=NEW).status_code == 303
    assert (is_in(client), is_in(other), mails(app)) == (True, False, [(demo.ORGANISER, "account_changed", "/desk/password")])


def test_after_a_quarter_of_an_hour_a_secret_is_asked_for_once_more(app: Flask, clock):
    client = signed_in(app)
    clock.shift(timedelta(minutes=15))
    answer = client.get(f"{ACCOUNT}password")
    assert (answer.status_code, answer.location) == (303, "/desk/account/confirm?next=/desk/account/password")
    assert post(client, f"{ACCOUNT}password", password=NEW).status_code == 303
    assert post(client, answer.location, password="wrong").status_code == 422
    password = demo.organiser_password(app.config["SECRET_KEY"])
    assert post(client, answer.location, password=password).location == f"{ACCOUNT}password"
    assert (client.get(f"{ACCOUNT}password").status_code, is_in(signed_in(app, password))) == (200, True)


def test_the_address_changes_when_the_new_one_confirms_and_the_old_one_is_told(app: Flask):
    client = signed_in(app)
    post(client, f"{ACCOUNT}address", email="olga@krakow.example")
    [(to, _template, link)] = mails(app)
    assert (to, post(client, link).status_code) == ("olga@krakow.example", 303)
    assert [each[:2] for each in mails(app)] == [(demo.ORGANISER, "account_changed")]
    assert (is_in(signed_in(app)), is_in(signed_in(app, demo.organiser_password(app.config["SECRET_KEY"]), "olga@krakow.example"))) == (
        False, True,
    )  # fmt: skip


def test_an_app_is_set_up_with_its_first_code_and_codes_on_paper_are_shown_once(app: Flask):
    client, other = signed_in(app), signed_in(app)
    assert post(client, f"{ACCOUNT}app", f"{ACCOUNT}app", code="000000").status_code == 422
    codes = re.findall(r"<code>([A-Z0-9-]{19})</code>", set_up_app(client))
    assert (len(set(codes)), is_in(client), is_in(other)) == (factors.RECOVERY_CODES, True, False)
    with app.app_context():
        stored = "".join(db.session.scalars(select(RecoveryCode.digest)))
        row = db.session.execute(db.text("SELECT totp_secret FROM accounts WHERE totp_secret IS NOT NULL")).scalar_one()
    assert ([code for code in codes if code.replace("-", "") in stored], row[:6]) == ([], "gAAAAA")
    assert ("factor_changed", "app") in deeds(app)
    assert post(client, f"{ACCOUNT}app/remove").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []


def test_browsers_are_listed_and_ended_one_or_all(app: Flask):
    client, second, third = signed_in(app), signed_in(app), signed_in(app)
    page = client.get(ACCOUNT).text
    ends = sorted(re.findall(r"/desk/account/sign-ins/\d+/end", page))
    assert ("3 browsers" in page, len(ends)) == (True, 2)
    assert [post(client, ends[0]).status_code, is_in(client), is_in(second), is_in(third)] == [303, True, False, True]
    assert post(client, ends[0]).status_code == 404
    post(client, "/desk/account/sign-ins/end")
    assert (is_in(client), is_in(third)) == (True, False)


def test_nobody_ends_a_browser_of_another(app: Flask):
    client = signed_in(app)
    [end] = re.findall(r"/desk/account/sign-ins/\d+/end", (signed_in(app), client.get(ACCOUNT).text)[1])
    stranger = signed_in(app, demo.organiser_password(app.config["SECRET_KEY"]))
    with app.app_context():
        account = queries.find_account(demo.ORGANISER)
        assert account
        other = Account(email="x@krakow.example", name="X", password=account.password, fs_uniquifier="x", created_at=AT)
        db.session.add(other)
        db.session.commit()
    stranger = signed_in(app, email="x@krakow.example")
    assert (is_in(stranger), post(stranger, end).status_code) == (True, 404)


def test_a_role_for_an_unknown_address_sends_an_invitation_which_makes_an_account_once(app: Flask, client: FlaskClient):
    organiser = signed_in(app)
    post(organiser, ROLES, ROLES, email="nowa@krakow.example", kind="programme_reader")
    [(to, _template, link)] = mails(app)
    assert (to, is_in(signed_in(app, "", "nowa@krakow.example"))) == ("nowa@krakow.example", False)
    assert post(client, link, link, name="", password=NEW).status_code == 422
    assert post(client, link, link, name="Nina Nowa", password="ninanowa1234").status_code == 422
    assert (post(client, link, link, name="Nina Nowa", password=NEW).status_code, is_in(client)) == (302, True)
    assert (client.get(link).status_code, client.get("/desk/krakowice2018/").status_code) == (410, 200)
    assert ("invited", "nowa@krakow.example") in deeds(app)


def test_an_invitation_sent_again_ends_the_first_and_one_revoked_opens_nothing(app: Flask, client: FlaskClient):
    organiser = signed_in(app)
    post(organiser, ROLES, ROLES, email="nowa@krakow.example", kind="programme_reader")
    first = mails(app)[0][2]
    page = organiser.get(ACCOUNTS).text
    [invite], [revoke] = re.findall(r"/\S+/invite", page), re.findall(r"/\S+/revoke", page)
    assert (post(organiser, invite).status_code, client.get(first).status_code) == (303, 410)
    second = mails(app)[0][2]
    assert client.get(second).status_code == 200
    post(organiser, revoke)
    assert client.get(second).status_code == 410


def test_a_congress_can_ask_for_a_second_factor(app: Flask):
    organiser = signed_in(app)
    assert post(organiser, f"{ACCOUNTS}second-factor", requires="1").location == ACCOUNT  # first the own one
    with app.app_context():
        the_congress().requires_second_factor = True
        db.session.commit()
    answers = [organiser.get(path) for path in (ROLES, "/desk/krakowice2018/", ACCOUNT)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"{ACCOUNT}app")] * 2 + [(200, None)]
    assert organiser.post(ROLES, data={"csrf_token": csrf_token(organiser, ACCOUNT)}).status_code == 303
    set_up_app(organiser)
    assert organiser.get(ROLES).status_code == 200


SITE = Held(RoleKind.SITE, None)
WHOLE, PART = Held(RoleKind.ORGANISER, 1), Held(RoleKind.ORGANISER, 1, city="katowice")
READER, ELSEWHERE = Held(RoleKind.PROGRAMME_READER, 1), Held(RoleKind.PROGRAMME_READER, 2)


@pytest.mark.parametrize(
    ("held", "others", "may"),
    [
        ([SITE], [SITE], True),
        ([SITE], [], True),
        ([WHOLE], [READER], True),
        ([WHOLE], [WHOLE], True),
        ([WHOLE], [PART, READER], True),
        ([PART], [WHOLE], False),
        ([WHOLE], [READER, ELSEWHERE], False),
        ([WHOLE], [SITE], False),
        ([WHOLE], [], False),
        ([READER], [READER], False),
    ],
)
def test_second_factors_are_taken_away_only_by_whoever_could_give_every_role(held, others, may):
    assert rules.may_reset(held, others) is may


def test_an_organiser_resets_the_second_factor_of_another(app: Flask):
    organiser = signed_in(app)
    post(organiser, ROLES, ROLES, email="nowa@krakow.example", kind="programme_reader")
    other, link = app.test_client(), mails(app)[0][2]
    post(other, link, link, name="Nina Nowa", password=NEW)
    set_up_app(other)
    [reset] = re.findall(r"/\S+/reset", organiser.get(ACCOUNTS).text)
    assert (post(organiser, reset).status_code, is_in(other)) == (303, False)
    assert is_in(signed_in(app, NEW, "nowa@krakow.example"))
    assert ("factor_changed", "reset") in deeds(app)
    assert mails(app)[-1][:2] == ("nowa@krakow.example", "account_changed")
