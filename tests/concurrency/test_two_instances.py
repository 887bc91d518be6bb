"""Two instances with one PostgreSQL and one Redis behind nginx: one is killed under load, and nobody notices who was not just being answered."""

from __future__ import annotations

import contextlib
import http.client
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from flask import Flask

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.feeds.services import calendar_token
from congress.programme.services import release_programme
from tests.benchmarks import behind_nginx
from tests.benchmarks.servers import ROOT, Server, ready_and_stopped
from tests.concurrency.test_no_stale_feed import PUBLIC, SESSION, settings
from tests.conftest import skip_or_fail
from tests.factories import NOW, make_registration, the_congress, the_item, utc
from tests.listening import free_port
from tests.registration_form import PATH, START

READERS, WRITERS = 4, 2
HEADER = "add_header X-Instance $upstream_addr always; proxy_http_version 1.1;"
UNKEPT = {"        proxy_cache congress;\n": ""}  # for ten seconds nginx would give what it has, whoever is dead


@dataclass(frozen=True)
class Asked:
    """One question: when, what came of it, and whom nginx asked; ``number`` is the release that a feed tells, if it came whole."""

    method: str
    path: str
    began: float
    ended: float
    status: int
    instance: str
    number: int | None = None
    tag: str = ""


@dataclass
class Load:
    """What people and programs ask all the time, through nginx, until the end of the block."""

    port: int
    calendars: list[str]  # of as many people as ask
    asked: list[Asked] = field(default_factory=list)
    released_at: list[float] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._read, args=(path,)) for path in self.calendars]
        threads += [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.end.set()
            for thread in threads:
                thread.join(60)

    def _read(self, calendar: str) -> None:
        tags: dict[str, str] = {}
        while not self.end.is_set():
            for path in [PUBLIC, calendar, "/krakowice2018/now/"]:
                answer = self.ask("GET", path, {"If-None-Match": tags[path]} if path in tags else {})
                if answer.tag and path.endswith(".ics"):
                    tags[path] = answer.tag
            self.end.wait(0.2)

    def _write(self) -> None:
        cookie, csrf = visit(self.port)
        while not self.end.is_set():
            form = {"csrf_token": csrf, **START, "submission": str(uuid.uuid4()), "email": f"{uuid.uuid4()}@kanazawa.example"}
            self.ask("POST", PATH, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}, urlencode(form, doseq=True))  # fmt: skip
            self.end.wait(0.2)

    def ask(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Asked:
        began = time.monotonic()
        try:
            answer, content = asked(self.port, method, path, headers, body)
            status, instance, tag = answer.status, answer.headers["X-Instance"] or "", answer.headers["ETag"] or ""
        except (OSError, http.client.HTTPException):
            status, instance, tag, content = 0, "", "", b""
        found = re.search(rb"\r\nSUMMARY:Round (\d+)\r\n", content)
        done = Asked(method, path, began, time.monotonic(), status, instance, int(found[1]) if found else None, tag)
        self.asked.append(done)
        return done

    def wait_for(self, number: int, since: float, *names: str) -> None:
        """Until somebody has read of this release, and these have answered what was asked since: on a busy machine that takes a while."""
        ends_at = time.monotonic() + 60
        while time.monotonic() < ends_at:
            if self.instances(since, math.inf) >= {*names} and any(each.number == number for each in list(self.asked)):
                return
            time.sleep(0.05)

    def failed(self) -> list[Asked]:
        return [each for each in self.asked if each.status not in {200, 303, 304}]

    def stale(self) -> list[Asked]:
        """Feeds of an older release than one that had returned before they were asked for."""
        told = {(each.path, each.tag): each.number for each in self.asked if each.number is not None}
        feeds = [each for each in self.asked if each.path.endswith(".ics") and each.status in {200, 304}]
        return [each for each in feeds if told[each.path, each.tag] < sum(at <= each.began for at in self.released_at) - 1]

    def instances(self, after: float, before: float) -> set[str]:
        """Who answered what was asked between these moments; where nginx asked two, the second."""
        return {each.instance.rpartition(" ")[2] for each in list(self.asked) if after < each.began < before and each.status}


def asked(port: int, method: str, path: str, headers: dict[str, str], body: str | None = None) -> tuple[Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def visit(port: int) -> tuple[str, str]:
    """The cookie of a browser, and the token for its forms."""
    answer, page = asked(port, "GET", PATH, {})
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.decode())
    assert found, page
    return answer.headers["Set-Cookie"].partition(";")[0], found[1]


class Instance:
    """granian with one process, which can be killed with all that it has started, and started again at the same port."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port, self.environment, self.log = free_port(), environment, log
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
        command += ["--log-level", "warning", "--host", "127.0.0.1", "--port", str(self.port), "congress.wsgi:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True, stderr=log)
        self.wait()

    def wait(self) -> None:
        ends_at = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if asked(self.port, "GET", "/readyz", {})[0].status == 200:
                    return
            assert self.process.poll() is None, "the instance ended"
            assert time.monotonic() < ends_at
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill all its processes, and return when the last one is gone: the process that listens may outlive the one that started it by a moment."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        ends_at = time.monotonic() + 30
        while self.listens():
            assert time.monotonic() < ends_at
            time.sleep(0.005)

    def listens(self) -> bool:
        with (
            contextlib.suppress(ConnectionRefusedError, ConnectionResetError),
            socket.create_connection(("127.0.0.1", self.port)),
        ):
            return True
        return False

    def end(self) -> int:
        """As systemd ends it; what it said at its end."""
        self.process.terminate()
        return self.process.wait(30)

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"


@pytest.fixture
def redis_port() -> Iterator[int]:
    found = shutil.which("redis-server")
    if found is None:
        skip_or_fail("redis-server is not installed")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen([str(found), *options], stdout=subprocess.DEVNULL) as process:
        yield port
        process.terminate()


@pytest.fixture
def two(context: Flask, redis_port: int, tmp_path: Path) -> Iterator[list[Instance]]:
    congress = the_congress()
    congress.registration_opens_at, congress.registration_closes_at = utc(2018, 1, 1), utc(2200, 1, 1)
    db.session.commit()
    environment = settings(context) | {
        "CONGRESS_RATE_LIMITS": "1",
        "CONGRESS_TRUSTED_PROXIES": "1",
        "CONGRESS_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
    }
    made: list[Instance] = []
    try:
        made += [Instance(environment, tmp_path / "first.log"), Instance(environment, tmp_path / "second.log")]
        yield made
    finally:
        for each in made:
            each.kill()


@contextlib.contextmanager
def in_front(two: list[Instance], folder: Path) -> Iterator[int]:
    """The port of nginx as operators are told to run it, with a line for the second instance."""
    if behind_nginx.NGINX is None:
        skip_or_fail("nginx is not installed")
    first, second = (each.name for each in two)
    port, disk = free_port(), free_port()
    other = {
        f"server {first};": f"server {first} fail_timeout=1s; server {second} fail_timeout=1s;",
        "proxy_http_version 1.1;": HEADER,
        **UNKEPT,
    }
    path = behind_nginx.configured(folder, upstream=two[0].port, port=port, disk=disk, other=other)
    with subprocess.Popen([str(behind_nginx.NGINX), "-c", str(path), "-p", str(folder)], stderr=subprocess.DEVNULL) as process:
        for _front in ready_and_stopped(Server(port, process), "/readyz"):
            yield port


def release(number: int, load: Load) -> None:
    begin_writing()
    the_item(SESSION).titles = Localised(en=f"Round {number}", pl=f"Runda {number}")
    release_programme(the_congress(), note=Localised(), by="test", now=NOW)
    db.session.commit()
    load.released_at.append(time.monotonic())


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")
def test_one_of_two_instances_is_killed_and_only_what_it_was_answering_is_lost(context, two, redis_port, tmp_path):
    begin_writing()
    people = [make_registration(email=f"asker{number}@kanazawa.example") for number in range(READERS)]
    tokens = [calendar_token(each, key=context.config["SECRET_KEY"], now=NOW) for each in people]
    db.session.commit()
    first, second = two
    with in_front(two, tmp_path) as port:
        load = Load(port, [f"/my/calendar/{token}/krakowice2018.ics" for token in tokens])
        release(0, load)
        with load.running():
            time.sleep(1)
            release(1, load)
            load.wait_for(1, 0, first.name, second.name)
            first.kill()
            killed_at = time.monotonic()
            release(2, load)  # the one that is left tells it
            time.sleep(1)
            load.wait_for(2, killed_at, second.name)
            alone_until = time.monotonic()
            first.start()
            back_at = time.monotonic()
            release(3, load)
            load.wait_for(3, back_at, first.name, second.name)
            assert shared_limit(port) == [303] * 10 + [429] * 2
            until_end = len(load.asked)
            assert second.end() == 0  # told to end, it first answers what it was asked
            ended_at = time.monotonic()
            load.wait_for(3, ended_at, first.name)
    assert load.stale() == []
    assert {each.number for each in load.asked} >= {0, 1, 2, 3}
    assert [each for each in load.failed() if each.began > killed_at] == []
    assert load.instances(0, killed_at) == {first.name, second.name}
    assert load.instances(killed_at, alone_until) == {second.name}
    assert load.instances(back_at, ended_at) == {first.name, second.name}
    assert load.instances(ended_at, math.inf) == {first.name}
    assert len(load.asked) > until_end
    assert redis.Redis(port=redis_port).dbsize() > 0
    kinds = {kind: sum(each.method == kind for each in load.asked) for kind in ("GET", "POST")}
    print(f"{kinds} asked, {len(load.failed())} lost of those in flight; the first came back after {back_at - killed_at:.1f} s")


def shared_limit(port: int) -> list[int]:
    """The same address typed twelve times: what both instances together say, ten being allowed."""
    cookie, csrf = visit(port)
    form = {"csrf_token": csrf, **START, "email": "often@kanazawa.example"}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    return [
        asked(port, "POST", PATH, headers, urlencode({**form, "submission": str(uuid.uuid4())}, doseq=True))[0].status
        for _time in range(12)
    ]
