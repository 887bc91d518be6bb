"""After a release has returned, no process answers with the feed of before: two processes of gunicorn, asked all the time."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.feeds import services as feeds
from tests.conftest import skip_or_fail
from tests.factories import NOW, make_registration, the_item
from tests.listening import free_port

ROOT = Path(__file__).parent.parent.parent
WORKERS, CONNECTIONS = 2, 6
RELEASES = int(os.environ.get("RELEASES", "4"))
SESSION = "P022"
OPERATOR = """
import os, sys
from congress.cli import main
for _line in sys.stdin:
    if os.fork() == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        main(["release", "krakowice2018"])
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""
PUBLIC = "/krakowice2018/calendar/krakowice2018-programme.ics"


@dataclass(frozen=True)
class Answer:
    """What a process said, and when it was asked (monotonic seconds); ``number`` is that of the release it tells, -1 in a 304."""

    asked_at: float
    path: str
    status: int
    tag: str
    number: int
    worker: str


@dataclass
class Asked:
    """All answers, and when each release had returned."""

    answers: list[Answer] = field(default_factory=list)
    returned_at: list[float] = field(default_factory=list)

    def wait_for_all(self, paths: list[str], problems: list[str]) -> None:
        """Until each process was asked for each feed since the last release: on a busy machine that takes a while."""
        ends_at = time.monotonic() + 120
        while not problems and time.monotonic() < ends_at:
            since = [each for each in list(self.answers) if each.asked_at >= self.returned_at[-1]]
            if len({(each.path, each.worker) for each in since}) == len(paths) * WORKERS:
                return
            time.sleep(0.05)

    def number_of(self) -> dict[tuple[str, str], int]:
        """Which release each ETag of each feed stands for; one tag never stands for two."""
        found: dict[tuple[str, str], int] = {}
        for answer in self.answers:
            if answer.status == 200:
                assert found.setdefault((answer.path, answer.tag), answer.number) == answer.number
        assert len(set(found)) == len({(path, number) for (path, _tag), number in found.items()})
        return found

    def stale(self) -> list[Answer]:
        """Answers of an older release than the one that had returned before they were asked for."""
        numbers, found = self.number_of(), []
        for answer in self.answers:
            told = numbers[answer.path, answer.tag]
            if told < sum(at <= answer.asked_at for at in self.returned_at) - 1:
                found.append(answer)
        return found


def settings(app: Flask) -> dict[str, str]:
    """The environment of a process that works on the same database with the same key."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONGRESS_")}
    return clean | {
        "CONGRESS_SECRET_KEY": app.config["SECRET_KEY"],
        "CONGRESS_DATA_KEYS": "test-only-data-key-0123456789-abcdefghi",
        "CONGRESS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONGRESS_INSTANCE": app.instance_path,
        "CONGRESS_INSECURE_COOKIES": "1",
        "CONGRESS_RATE_LIMITS": "0",
    }


@contextlib.contextmanager
def served(app: Flask, name: str) -> Iterator[int]:
    """The port on which ``tests.concurrency.serving:<name>`` answers."""
    if importlib.util.find_spec("gunicorn") is None:
        skip_or_fail("gunicorn is not installed")
    port = free_port()
    options = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--preload", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options, f"tests.concurrency.serving:{name}"]
    with subprocess.Popen(command, cwd=ROOT, env=settings(app)) as process:
        try:
            yield port
        finally:
            process.terminate()


def connected(port: int) -> list[http.client.HTTPConnection]:
    """Kept connections, as many to each process."""
    found: dict[str, list[http.client.HTTPConnection]] = {}
    ends_at = time.monotonic() + 60
    while len(found) < WORKERS or min(map(len, found.values())) < CONNECTIONS // WORKERS:
        assert time.monotonic() < ends_at, found
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            response.read()
        except OSError:
            time.sleep(0.2)  # not started yet
            continue
        mine = found.setdefault(response.headers["X-Worker"], [])
        if len(mine) < CONNECTIONS // WORKERS:
            mine.append(connection)
        else:
            connection.close()
    return [connection for mine in found.values() for connection in mine]


def ask(connection: http.client.HTTPConnection, path: str, tag: str) -> Answer:
    asked_at = time.monotonic()
    connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
    response = connection.getresponse()
    body = response.read()
    found = re.search(rb"\r\nSUMMARY:Round (\d+)\r\n", body)
    assert (response.status == 200) == (found is not None), (response.status, body[:500])
    number = int(found[1]) if found else -1
    return Answer(asked_at, path, response.status, response.headers["ETag"], number, response.headers["X-Worker"])


def ask_until(
    end: threading.Event, connection: http.client.HTTPConnection, paths: list[str], asked: Asked, problems: list[str]
) -> None:
    """Ask for each feed in turn, once plainly and once with the tag of the last answer."""
    tags = dict.fromkeys(paths, "")
    try:
        while not end.is_set():
            for path in paths:
                for tag in ("", tags[path]):
                    answer = ask(connection, path, tag)
                    asked.answers.append(answer)
                    tags[path] = answer.tag
            time.sleep(0.2)  # the release needs the processor too
    except Exception as problem:
        problems.append(repr(problem))
        raise


def rename(number: int) -> None:
    begin_writing()
    the_item(SESSION).titles = Localised(en=f"Round {number}", pl=f"Runda {number}")
    db.session.commit()


@contextlib.contextmanager
def operator(app: Flask) -> Iterator[Callable[[], None]]:
    """Releases, each time in a process of its own, as an operator does; only that the program is read but once."""
    with subprocess.Popen(
        [sys.executable, "-c", OPERATOR], cwd=ROOT, env=settings(app), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def release() -> None:
            process.stdin.write("release\n")
            process.stdin.flush()
            assert process.stdout.readline() == "0\n"

        yield release


def ask_through_releases(app: Flask, server: str, releases: int) -> Asked:
    """Ask over all connections while the programme is released again and again."""
    begin_writing()
    person = make_registration(email="asker@kanazawa.example", language="en")
    token = feeds.calendar_token(person, key=app.config["SECRET_KEY"], now=NOW)
    paths = [PUBLIC, f"/my/calendar/{token}/krakowice2018.ics"]
    db.session.commit()
    asked, end, problems = Asked(), threading.Event(), []
    with operator(app) as release, served(app, server) as port:
        rename(0)
        release()
        asked.returned_at.append(time.monotonic())
        connections = connected(port)
        threads = [threading.Thread(target=ask_until, args=(end, each, paths, asked, problems)) for each in connections]
        for thread in threads:
            thread.start()
        for number in range(1, releases + 1):
            rename(number)
            release()
            asked.returned_at.append(time.monotonic())
            asked.wait_for_all(paths, problems)
        end.set()
        for thread in threads:
            thread.join(60)
        for connection in connections:
            connection.close()
    assert problems == []
    return asked


def test_no_answer_is_older_than_the_release_that_had_returned(context):
    asked = ask_through_releases(context, "app", RELEASES)
    assert asked.stale() == []
    numbers = asked.number_of()
    assert sorted({number for (path, _tag), number in numbers.items() if path == PUBLIC}) == list(range(RELEASES + 1))
    for earlier, later in pairwise([*asked.returned_at, time.monotonic()]):
        between = [answer for answer in asked.answers if earlier <= answer.asked_at < later]
        assert {(answer.path, answer.worker) for answer in between} == {
            (path, worker) for path in {each.path for each in asked.answers} for worker in {each.worker for each in asked.answers}
        }
    assert len({answer.worker for answer in asked.answers}) == WORKERS
    # Conditional requests: those with the tag of before were answered in full, with another tag; all others with 304.
    assert {answer.status for answer in asked.answers} == {200, 304}
    print(len(asked.answers), "answers,", sum(answer.status == 304 for answer in asked.answers), "of them 304")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")  # it is kept before any database is asked
def test_an_answer_kept_by_time_would_be_found(context):
    """The control: the same questions, with some time of memory in front of the application."""
    assert ask_through_releases(context, "kept_by_time", 1).stale() != []
