"""Rules of signing in, codes of authenticator apps, and guesses that are sent at the same time."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from congress.accounts.services import create_account
from congress.accounts.signing import factors, guesses, rules, sessions, tickets, totp
from congress.accounts.signing.models import Guesses, TicketKind, Way
from congress.core.db import begin_writing, db

NOW = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)
KEY = "a key of the tests that is long enough"
SECRET = base64.b32encode(b"12345678901234567890").decode()


# RFC 6238, appendix B: of eight digits the last six.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_rfc(seconds: int, code: str):
    assert totp.code(SECRET, seconds // totp.STEP) == code


@pytest.mark.parametrize(("late", "found"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step_and_a_step_is_good_once(late: int, found: bool):
    step = int(NOW.timestamp()) // totp.STEP
    code = totp.code(SECRET, step)
    assert (totp.matching_step(SECRET, code, NOW + timedelta(seconds=late), after=None) == step) is found
    assert totp.matching_step(SECRET, code, NOW, after=step) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "zażółć", "٠١٢٣٤٥"])
def test_what_is_no_code_is_none(typed: str):
    assert totp.matching_step(SECRET, typed, NOW, after=None) is None


@pytest.mark.parametrize(("wrong", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (9, 480), (10, 900), (1000, 900)])
def test_each_wrong_guess_after_the_fifth_waits_longer(wrong: int, seconds: int):
    assert rules.wait(wrong, NOW, NOW) == timedelta(seconds=seconds)
    assert rules.wait(wrong, NOW, NOW + timedelta(seconds=seconds)) == timedelta(0)


@pytest.mark.parametrize(
    ("password", "is_easy"),
    [
        ("aaaaaaaaaaaaaa", True), ("123456789012", True), ("qwertyuiop12", True), ("Password1234", True), ("anna.nowak@krakow", True),
        ("AnnaNowak2018", True), ("correct horse battery staple", False), ("żółw-bocian-wydra-łoś", False), ("k3Vw9-xQ2m-Lr7t", False),
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str, is_easy: bool):
    assert rules.is_easy(password, email="anna.nowak@krakow.example", name="Anna Nowak") is is_easy


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


def test_guesses_that_come_at_once_are_all_counted(app: Flask):
    def guess() -> None:
        with app.app_context():
            begin_writing()
            guesses.note(guesses.hold("password", "Anna@krakow.example ", key=KEY, now=NOW), is_right=False, now=NOW)
            db.session.commit()

    threads = [threading.Thread(target=guess) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert [(row.wrong, "anna" in row.key) for row in db.session.scalars(db.select(Guesses))] == [(8, False)]


def test_tickets_factors_and_browsers_hold_on_either_database(context: Flask):
    account = create_account("anna@krakow.example", "Anna", hashed_password=None, now=NOW)
    ticket = tickets.make(TicketKind.CODE, account, key=KEY, now=NOW)
    assert tickets.guess(ticket, tickets.code(ticket.uid, KEY), key=KEY, now=NOW)
    link = tickets.make(TicketKind.PASSWORD, account, key=KEY, now=NOW)
    newer = tickets.make(TicketKind.PASSWORD, account, key=KEY, now=NOW)
    assert (link.is_live(NOW), tickets.use(newer, now=NOW), tickets.use(newer, now=NOW)) == (False, True, False)
    assert factors.set_app(account, SECRET, totp.code(SECRET, int(NOW.timestamp()) // totp.STEP), now=NOW)
    [code, *_rest] = factors.new_recovery_codes(account)
    assert [factors.use_recovery_code(account, typed, now=NOW) for typed in (code.lower(), code)] == [True, False]
    lasts = sessions.Lasts(timedelta(hours=12), timedelta(hours=2))
    secret = sessions.begin(account, Way.PASSWORD, sessions.Seen("Firefox", ""), now=NOW)
    assert sessions.find(secret, lasts, now=NOW) is not None
    assert (factors.without_second([account.id]), sessions.forget_old(lasts, now=NOW + timedelta(hours=13))) == (set(), 1)
    assert (sessions.find(secret, lasts, now=NOW), tickets.forget_old(NOW + timedelta(days=31)), guesses.forget_old(NOW)) == (
        None,
        3,
        0,
    )
