"""The own account, links that are mailed, invitations, and what organisers may do about how others sign in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts import audit, rules
from congress.accounts.models import Account
from congress.accounts.rules import Held, RoleKind
from congress.accounts.signing import factors
from congress.accounts.signing.models import Passkey
from congress.core.db import db
from tests.conftest import csrf_token
from tests.desk.signing import (
    ACCOUNT,
    ACCOUNTS,
    AT,
    FORGOTTEN,
    LOGIN,
    NEW,
    NEWCOMER,
    ROLES,
    STRANGER,
    add_stranger,
    begin_app,
    is_in,
    mails,
    make_codes,
    organiser,
    password_of,
    post,
    set_up_app,
    signed_in,
)  # fmt: skip
from tests.factories import the_congress

pytestmark = pytest.mark.usefixtures("clock")


def change_password(client: FlaskClient, old: str):
    return post(client, f"{ACCOUNT}password", password=old, new_password=NEW)


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.kind == "accounts").order_by(audit.AuditEntry.id)
        )
        return [(each.what, each.label) for each in found]


def test_a_new_password_by_link_signs_everybody_out_and_the_link_is_good_once(app: Flask):
    other, client = signed_in(app), app.test_client()
    post(client, FORGOTTEN, email=demo.ORGANISER)
    post(client, FORGOTTEN, email=demo.ORGANISER)
    [(to, _template, link), (_to, _other, second)] = mails(app)
    assert (to, client.get(link).status_code, is_in(other)) == (demo.ORGANISER, 200, True)
    assert "This is mostly your name" in post(client, link, password="OlgaOrganizatorska2018").text
    answer = post(client, link, password=NEW)
    assert (answer.location, is_in(client), is_in(other)) == (LOGIN, False, False)
    forged = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]  # of the last letter some bits count for nothing
    found = [(client.get(used).status_code, post(client, used, password=NEW).status_code) for used in (link, second, forged)]
    assert found == [(410, 410), (410, 410), (404, 404)]
    assert f'href="{FORGOTTEN}"' in client.get(link).text
    assert (is_in(signed_in(app)), is_in(signed_in(app, NEW))) == (False, True)
    assert ("password_changed", "link") in deeds(app)
    assert mails(app) == [(demo.ORGANISER, "account_changed", FORGOTTEN)]


def test_what_opens_a_door_waits_sealed_and_is_not_mailed_late(app: Flask, client: FlaskClient, clock):
    post(client, FORGOTTEN, email=demo.ORGANISER)
    [(_to, _template, link)] = mails(app)
    with app.app_context():
        stored = db.session.scalar(db.text("SELECT facts FROM messages ORDER BY id DESC LIMIT 1"))
    clock.shift(timedelta(hours=1))
    assert (link.rpartition("/")[2][:20] in stored, '"sealed": "gAAAAA' in stored, mails(app)) == (False, True, [])


@pytest.mark.parametrize("path", ["password", "invitation"])
def test_links_end(app: Flask, client: FlaskClient, clock, path: str):
    if path == "password":
        post(client, FORGOTTEN, email=demo.ORGANISER)
    else:
        post(signed_in(app), ROLES, email=NEWCOMER, kind="organiser")
    link = mails(app)[0][2]
    clock.shift(timedelta(hours=1 if path == "password" else 24 * 7, seconds=-1))
    before = client.get(link).status_code
    clock.shift(timedelta(seconds=2))  # such links count whole seconds
    assert (before, client.get(link).status_code) == (200, 410)


def test_the_password_is_changed_here_and_everybody_else_is_signed_out(app: Flask):
    client, other = signed_in(app), signed_in(app)
    assert change_password(client, "wrong").status_code == 422
    assert post(client, f"{ACCOUNT}password", password=password_of(app), new_password="krakowice2018!").status_code == 422
    assert change_password(client, password_of(app)).location == ACCOUNT
    assert (is_in(client), is_in(other), mails(app)) == (True, False, [(demo.ORGANISER, "account_changed", FORGOTTEN)])
    assert (is_in(signed_in(app)), is_in(signed_in(app, NEW))) == (False, True)
    assert [each for each in deeds(app) if each[0] in {"password_changed", "signed_in"}][2:3] == [("password_changed", "")]


@pytest.mark.parametrize("page", ["address", "app", "codes", "passkeys"])
def test_after_a_quarter_of_an_hour_a_secret_is_asked_for_once_more(app: Flask, clock, page: str):
    client = signed_in(app)
    clock.shift(timedelta(minutes=15))
    answer = client.get(f"{ACCOUNT}{page}")
    assert (answer.status_code, answer.location) == (303, f"/desk/account/confirm?next=/desk/account/{page}")
    assert post(client, f"{ACCOUNT}{page}").status_code == 303
    assert post(client, answer.location, password="wrong").status_code == 422
    assert post(client, answer.location, password=password_of(app)).location == f"{ACCOUNT}{page}"
    assert client.get(f"{ACCOUNT}{page}").status_code == 200


def test_the_address_changes_when_the_new_one_confirms_and_the_old_one_is_told(app: Flask):
    client, other = signed_in(app), signed_in(app)
    post(app.test_client(), FORGOTTEN, email=demo.ORGANISER)
    forgotten = mails(app)[0][2]
    for typed in ("olga@krakow.example", demo.ORGANISER.upper()):  # what is said is the same for one that somebody has
        assert "If nobody has this address yet" in post(client, f"{ACCOUNT}address", email=typed).text
    [_reset, (to, _template, link)] = mails(app)
    assert (to, client.get(link).status_code, is_in(signed_in(app))) == ("olga@krakow.example", 200, True)
    assert (post(client, link).location, is_in(client), is_in(other)) == (ACCOUNT, True, False)
    assert [each[:2] for each in mails(app)] == [(demo.ORGANISER, "account_changed")]
    assert [app.test_client().get(each).status_code for each in (link, forgotten, f"{link}x")] == [410, 410, 404]
    assert f'href="{ACCOUNT}address"' in client.get(link).text
    assert (is_in(signed_in(app)), is_in(signed_in(app, "", "olga@krakow.example"))) == (False, True)


def test_an_app_is_set_up_with_its_first_code_and_codes_on_paper_stay_sealed(app: Flask):
    client, other = signed_in(app), signed_in(app)
    shown, action = begin_app(client)
    assert post(client, action, code="000000").location == f"{ACCOUNT}app"
    secret = set_up_app(client)
    assert secret == shown  # the picture is the same
    codes = make_codes(client)
    assert (len(set(codes)), is_in(client), is_in(other)) == (factors.RECOVERY_CODES, True, False)
    with app.app_context():
        row = db.session.execute(
            db.text("SELECT tf_totp_secret, mf_recovery_codes FROM accounts WHERE tf_totp_secret > ''")
        ).one()
    assert ([each[:6] for each in row], secret in row[0]) == (["gAAAAA", "gAAAAA"], False)
    assert [each for each in deeds(app) if each[0] == "factor_changed"] == [
        ("factor_changed", "app"),
        ("factor_changed", "codes"),
    ]
    assert f"{factors.RECOVERY_CODES} are good still" in client.get(ACCOUNT).text
    assert post(client, f"{ACCOUNT}app", setup="disable").location == ACCOUNT
    with app.app_context():
        assert (organiser().tf_totp_secret, organiser().mf_recovery_codes) == (None, None)


def test_a_passkey_is_removed_by_its_owner_only(app: Flask):
    client = signed_in(app)
    with app.app_context():
        make = {"public_key": b"k", "sign_count": 0, "device_type": "", "lastuse_datetime": AT}
        stranger = Account(email=STRANGER, name="X", fs_uniquifier="x", created_at=AT)
        stranger.webauthn.append(Passkey(credential_id=b"2", name="Theirs", **make))
        account = organiser()
        account.webauthn.append(Passkey(credential_id=b"1", name="Anna’s “key” (1)", transports=["internal", "x"], **make))
        db.session.add(stranger)
        db.session.commit()
    for name in ("Theirs", "", "Anna’s “key” (1)"):
        assert post(client, f"{ACCOUNT}passkeys/remove", name=name).status_code == 302
    with app.app_context():
        assert [each.name for each in db.session.scalars(select(Passkey))] == ["Theirs"]
    assert ("factor_changed", "passkey-removed") in deeds(app)


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
    add_stranger(app)
    stranger = signed_in(app, email=STRANGER)
    assert (is_in(stranger), post(stranger, end).status_code) == (True, 404)


def test_a_role_for_an_unknown_address_sends_an_invitation_which_makes_an_account_once(app: Flask, client: FlaskClient):
    organiser = signed_in(app)
    post(organiser, ROLES, email=NEWCOMER, kind="programme_reader")
    [(to, _template, link)] = mails(app)
    assert (to, is_in(signed_in(app, "", NEWCOMER))) == (NEWCOMER, False)
    assert post(client, link, name="", password=NEW).status_code == 422
    assert post(client, link, name="Nina Nowa", password="ninanowa1234").status_code == 422
    assert post(client, link, name="Nina Nowa", password="Krakowice-2018!").status_code == 422
    assert (post(client, link, name="Nina Nowa", password=NEW).status_code, is_in(client)) == (303, True)
    assert (client.get(link).status_code, client.get("/desk/krakowice2018/").status_code) == (410, 200)
    assert ("invited", NEWCOMER) in deeds(app)


def test_who_was_invited_may_choose_a_passkey_and_the_link_stays_until_there_is_one(app: Flask, client: FlaskClient):
    post(signed_in(app), ROLES, email=NEWCOMER, kind="programme_reader")
    link = mails(app)[0][2]
    assert post(client, link, name="", passkey="1").status_code == 422
    answer = post(client, link, name="Nina Nowa", passkey="1")
    assert (answer.location, client.get(answer.location).status_code) == (f"{ACCOUNT}passkeys", 200)
    assert (app.test_client().get(link).status_code, is_in(signed_in(app, NEW, NEWCOMER))) == (200, False)


def test_an_invitation_sent_again_ends_the_first_and_one_revoked_opens_nothing(app: Flask, client: FlaskClient, clock):
    organiser = signed_in(app)
    post(organiser, ROLES, email=NEWCOMER, kind="programme_reader")
    first = mails(app)[0][2]
    clock.shift(timedelta(seconds=1))
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
    assert organiser.get(f"{ACCOUNT}app").status_code == 200
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
    post(organiser, ROLES, email=NEWCOMER, kind="programme_reader")
    other, link = app.test_client(), mails(app)[0][2]
    post(other, link, name="Nina Nowa", password=NEW)
    set_up_app(other)
    [reset] = re.findall(r"/\S+/reset", organiser.get(ACCOUNTS).text)
    assert (post(organiser, reset).status_code, is_in(other)) == (303, False)
    assert is_in(signed_in(app, NEW, NEWCOMER))
    assert ("factor_changed", "reset") in deeds(app)
    assert mails(app)[-1][:2] == (NEWCOMER, "account_changed")


def test_whoever_is_given_or_loses_a_role_signs_in_again_and_is_told(app: Flask):
    add_stranger(app)
    client, member = signed_in(app), signed_in(app, email=STRANGER)
    post(client, ROLES, email=STRANGER, kind="programme_reader")
    assert (is_in(member), is_in(client)) == (False, True)
    assert mails(app) == [(STRANGER, "account_changed", LOGIN)]
    member = signed_in(app, email=STRANGER)
    [end] = re.findall(r'action="(/desk/\S+/end)"', client.get(ROLES).text)
    page = member.get("/desk/krakowice2018/").status_code
    post(client, end)
    answer = member.get("/desk/krakowice2018/", follow_redirects=True).text
    assert (page, "You were signed out" in answer, is_in(client), len(mails(app))) == (200, True, True, 2)
    post(client, ROLES, email=demo.ORGANISER, kind="check_in")  # to oneself, too
    assert (is_in(client), len(mails(app))) == (False, 2)
