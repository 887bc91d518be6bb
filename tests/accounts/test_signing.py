"""Rules of signing in, and codes that are sent at the same time."""

from __future__ import annotations

import base64
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from congress.accounts.models import Account
from congress.accounts.services import create_account
from congress.accounts.signing import factors, rules, sessions
from congress.accounts.signing.models import Passkey
from congress.core.db import begin_writing, db
from congress.web.signing.codes import Codes
from tests.desk.signing import code_of

NOW = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "is_easy", "is_made_of"),
    [
        ("", True, True), ("aaaaaaaaaaaaaa", True, True), ("123456789012", True, True), ("qwertyuiop12", True, True), ("Password1234", True, True),
        ("password" * 25, True, True), ("krakow12345678", True, True),
        ("NowakAnna2018", False, True), ("anna.nowak@krakow", False, True), ("Nowak-Łucja/2018", False, True), ("lucjanowak!łucja", False, True),
        ("krakowice2018!", False, True), ("Twórcze-Skrzyżowania", False, True), ("1KrakowiceNowak", False, True), ("Łucja żółw 2018", False, True),
        ("correct horse battery staple", False, False), ("żółw-bocian-wydra-łoś", False, False), ("k3Vw9-xQ2m-Lr7t", False, False),
        ("Nowak żółw-bocian-wydra-łoś", False, False),
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str, is_easy: bool, is_made_of: bool):
    names = ["anna.nowak@krakow.example", "Łucja Nowak", "krakowice2018", "Twórcze Skrzyżowania"]
    assert (rules.is_easy(password), rules.is_made_of(password, names)) == (is_easy, is_made_of)


def test_a_password_of_many_signs_is_judged_in_no_time():
    """Tried in all combinations they take two seconds of the processor."""
    began = time.process_time()
    assert not rules.is_easy("4@8({[<369!1|7$5+%20zx" * 3)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Linux"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_browsers_are_named_as_people_know_them(agent: str, name: str):
    assert rules.browser_of(agent) == name


def test_codes_of_an_app_sent_at_once_are_good_once(app: Flask):
    """Without the lock on the account, PostgreSQL lets each of them see the counter of before."""
    with app.app_context():
        account = create_account("anna@krakow.example", "Anna", hashed_password=None, now=NOW)
        codes: Codes = app.extensions["security"].totp_factory
        key = codes.opened(codes.generate_totp_secret())
        db.session.commit()
        number, token = account.id, codes.generate_totp_password(key)
    found: list[bool] = []

    def guess() -> None:
        with app.app_context():
            begin_writing()
            found.append(codes.verify_totp(token, key, db.session.get_one(Account, number), window=30))
            db.session.commit()

    threads = [threading.Thread(target=guess) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 5 + [True]


# RFC 6238, appendix B: of eight digits the last six.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_app_of_the_tests_shows_the_codes_of_the_rfc(seconds: int, code: str):
    assert code_of(base64.b32encode(b"12345678901234567890").decode(), seconds) == code


def test_browsers_and_factors_hold_on_either_database(context: Flask):
    account = create_account("anna@krakow.example", "Anna", hashed_password=None, now=NOW)
    lasts = sessions.Lasts(timedelta(hours=12), timedelta(hours=2))
    secret = sessions.begin(account, sessions.Seen("Firefox", ""), now=NOW)
    assert sessions.find(secret, lasts, now=NOW) is not None
    assert factors.without_second([account.id]) == {account.id}
    account.webauthn.append(
        Passkey(credential_id=b"\x00\xff", public_key=b"k", name="Laptop", lastuse_datetime=NOW, transports=["internal"])
    )
    account.mf_recovery_codes = ["0000-0000-0000", "1111-1111-1111"]
    db.session.flush()
    account.mf_recovery_codes.pop(0)
    db.session.flush()
    db.session.expire(account)
    assert (account.mf_recovery_codes, factors.has_second(account)) == (["1111-1111-1111"], True)
    factors.reset(account)
    assert (factors.without_second([account.id]), account.mf_recovery_codes) == ({account.id}, None)
    assert sessions.forget_old(lasts, now=NOW + timedelta(hours=13)) == 1
    assert sessions.find(secret, lasts, now=NOW) is None
