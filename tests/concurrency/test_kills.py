"""``kill -9`` of the web server and of the workers at random moments, while people register and their mails leave.

Whatever was acknowledged is there, whole; no mail is lost; one comes twice only where a worker died between the mail server's answer
and our commit. More people: ``REGISTRATIONS=1000 pytest -n 0 -s tests/concurrency/test_kills.py``.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from select import select as select_readable

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from congress.core.db import db
from congress.delegates.models import Delegate, Person
from congress.outbox.models import Message, MessageState
from congress.registration.models import Move, Registration
from congress.registration.states import State
from tests.concurrency.browsing import Browser
from tests.factories import the_congress, utc
from tests.listening import free_port

ROOT = Path(__file__).parent.parent.parent
PEOPLE = int(os.environ.get("REGISTRATIONS", "40"))
MOST_KILLS = max(2, PEOPLE // 60)  # of each process
AT_ONCE, LEASE = 4, 8  # browsers; seconds after which a message of a dead worker is anybody's
WORKER = f"""
from datetime import timedelta
from congress.outbox import services
services.LEASE = timedelta(seconds={LEASE})
from congress.cli import main
print("up", flush=True)
main(["worker", "--every", "1"])
"""


class Inbox:
    """A mail server that keeps of each mail to whom it went, and its Message-ID."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos[0], str(mail["Message-ID"])))
        return "250 OK"


class Mortal:
    """A process that is killed at random moments of its work and started again, until it is told to live."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        lives: tuple[float, float],
        is_up: Callable[[subprocess.Popen[bytes]], bool],
    ) -> None:
        self.command, self.environment, self.lives, self.is_up = command, environment, lives, is_up
        self.kills, self.end = 0, threading.Event()
        self.process = self._start()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _run(self) -> None:
        while self.kills < MOST_KILLS and not self.end.is_set():
            while not self.is_up(self.process) and not self.end.wait(0.1):
                assert self.process.poll() is None, "the process ended by itself"
            # The first life is the shortest: on a fast machine all is done soon.
            if not self.end.wait(random.uniform(*self.lives) if self.kills else self.lives[0]):  # noqa: S311
                self._kill()
                self.kills += 1
                self.process = self._start()

    def _kill(self) -> None:
        """With everything that it has started, and without a word."""
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself, which is told elsewhere
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def live(self) -> None:
        """No more kills; the process goes on."""
        self.end.set()
        self.thread.join()

    def stop(self) -> None:
        self.live()
        self._kill()


def has_spoken(process: subprocess.Popen[bytes]) -> bool:
    assert process.stdout is not None
    return bool(select_readable([process.stdout], [], [], 0)[0])


def answers_at(port: int) -> Callable[[object], bool]:
    def is_up(_process: object) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    return is_up


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    made = Inbox()
    server = Controller(made, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    yield made, server.port
    server.stop()


@pytest.fixture
def environment(context: Flask, inbox: tuple[Inbox, int]) -> dict[str, str]:
    """Of processes on the same database; registration is open and roomy, and no other mail waits."""
    congress = the_congress()
    congress.registration_opens_at, congress.registration_closes_at = utc(2018, 1, 1), utc(2200, 1, 1)
    congress.max_delegates = 10_000
    db.session.execute(update(Message).values(state=MessageState.SENT))
    db.session.commit()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONGRESS_")}
    return clean | {
        "CONGRESS_SECRET_KEY": context.config["SECRET_KEY"],
        "CONGRESS_DATA_KEYS": "test-only-data-key-0123456789-abcdefghi",
        "CONGRESS_DATABASE_URL": context.config["SQLALCHEMY_DATABASE_URI"],
        "CONGRESS_INSTANCE": context.instance_path,
        "CONGRESS_SMTP_URL": f"smtp://127.0.0.1:{inbox[1]}",
        "CONGRESS_INSECURE_COOKIES": "1",
        "CONGRESS_RATE_LIMITS": "0",
    }


def address(number: int) -> str:
    return f"person{number:04}@lodz.example"


def register_all(port: int) -> int:
    """Everybody registers, some at a time, each until told so; how many questions had to be asked again."""

    def one(number: int) -> int:
        browser = Browser(port)
        browser.register(given_name="Ada", family_name=f"Mortal{number}", email=address(number), language="en")
        return browser.asked_again

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(PEOPLE)))


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.state == MessageState.QUEUED)) or 0


def test_nothing_acknowledged_is_lost_nothing_is_half_and_no_mail_is_lost(context, environment, inbox):
    port = free_port()
    before = db.session.scalar(select(func.max(Registration.id)))
    gunicorn = [
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--preload",
    ]
    web = Mortal([sys.executable, "-m", *gunicorn, "congress.wsgi:app"], environment, (1, 2 + PEOPLE / 40), answers_at(port))
    workers = [Mortal([sys.executable, "-c", WORKER], environment, (0.3, 2 + PEOPLE / 25), has_spoken) for _each in range(2)]
    began = time.monotonic()
    try:
        asked_again = register_all(port)
        registered_in = time.monotonic() - began
        web.live()
        for each in workers:
            each.live()
        ends_at = time.monotonic() + 120
        while waiting() and time.monotonic() < ends_at:
            time.sleep(0.5)
    finally:
        for each in (web, *workers):
            each.stop()
    kills = sum(each.kills for each in workers)
    assert web.kills > 0
    assert kills > 0

    # Everybody who was told so is registered, once and whole: person, delegate, every page, both moves.
    rows = db.session.execute(
        select(Person.email, Registration.state, Registration.steps_done, Registration.id)
        .select_from(Registration)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .join(Person, Person.id == Delegate.person_id)
        .where(Registration.id > before)
    ).all()
    every_page = ["consents", "identity", "needs", "review", "role", "sessions", "travel"]
    assert sorted((row.email, row.state, tuple(sorted(row.steps_done))) for row in rows) == [
        (address(number), State.SUBMITTED, tuple(every_page)) for number in range(PEOPLE)
    ]
    moves = db.session.execute(select(Move.registration_id, Move.after).where(Move.registration_id > before).order_by(Move.id))
    told = [(row.registration_id, row.after) for row in moves]
    assert sorted(told) == sorted((row.id, state) for row in rows for state in (State.STARTED, State.SUBMITTED))
    assert db.session.scalar(select(func.count()).where(Person.email.like("person%@lodz.example"))) == PEOPLE

    # Each mail left, or was not wanted any more: whoever has sent the form is not asked to go on with it.
    messages = db.session.scalars(select(Message).where(Message.recipient.like("person%@lodz.example"))).all()
    ends = Counter((each.template, each.state) for each in messages)
    assert ends["registration_received", MessageState.SENT] == PEOPLE
    begun = [ends["registration_started", state] for state in (MessageState.SENT, MessageState.DROPPED)]
    assert (sum(begun), sum(ends.values())) == (PEOPLE, 2 * PEOPLE)
    came = Counter(inbox[0].mails)
    expected = {
        (each.recipient, f"<{each.key}.{each.queued_at:%Y%m%d%H%M%S}@localhost>")
        for each in messages
        if each.state is MessageState.SENT
    }
    assert expected - set(came) == set()
    late = set(came) - expected  # the mail server took it, the worker died, and at the next attempt nobody wanted it any more
    twice = {mail for mail, number in came.items() if number > 1}
    assert len(late) + sum(number - 1 for number in came.values()) <= kills
    print(
        f"\n{PEOPLE} registered in {registered_in:.1f} s through {web.kills} kills of the web server ({asked_again} questions asked again); "
        f"{sum(came.values())} mails through {kills} kills of two workers, {len(twice)} of them twice"
    )
