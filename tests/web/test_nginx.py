"""The configuration for operators, under a real nginx in front of the real application."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from config import TestConfig
from congress import create_app
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.data import FOLDER
from congress.feeds.services import calendar_token
from congress.programme.services import release_programme
from tests import factories
from tests.benchmarks import behind_nginx
from tests.benchmarks.servers import Server
from tests.conftest import Databases, disconnect, skip_or_fail
from tests.listening import listening

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"


@dataclass(frozen=True)
class Front:
    """nginx, what it wrote, and the application behind it."""

    nginx: Server
    folder: Path
    app: Flask
    stop_congress: Callable[[], None]

    def logged(self, number: int) -> list[str]:
        """So many lines of the log: what was asked for and whether it was kept, as ``GET /a 200 HIT``.

        nginx writes a line when the answer is on its way already, so the last one may come later; and of two processes
        either may be the first to write.
        """
        for _attempt in range(100):
            lines = [line.split('"') for line in (self.folder / "access.log").read_text().splitlines() if "/healthz" not in line]
            if len(lines) >= number:
                break
            time.sleep(0.05)
        return [f"{line[1]} {line[2].split()[0]} {line[2].split()[3]}" for line in lines]


@pytest.fixture
def nginx() -> str:
    if behind_nginx.NGINX is None:
        skip_or_fail("nginx is not installed")
    return str(behind_nginx.NGINX)


@pytest.fixture
def front(nginx: str, databases: Databases, loaded: str, tmp_path: Path) -> Iterator[Front]:
    url = databases.make(loaded)
    app = create_app(dataclasses.replace(TestConfig.make(url, tmp_path), TRUSTED_PROXIES=1))
    quick = {" buffer=32k flush=1s": "", "proxy_cache_valid 200 10s": "proxy_cache_valid 200 1s"}
    try:
        # waitress would take a proxy's headers away, which gunicorn passes on.
        with (
            listening(app, threads=2, clear_untrusted_proxy_headers=False) as (port, stop),
            behind_nginx.running(tmp_path, port, "/healthz", quick) as (running, _files),
        ):
            yield Front(running, tmp_path, app, stop)
    finally:
        disconnect(app)
        databases.drop(url)


def test_nginx_takes_the_file_as_it_ships_once_there_is_a_certificate(nginx, tmp_path):
    if shutil.which("openssl") is None:
        skip_or_fail("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=congress.example.org"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    text = (FOLDER / "nginx.conf").read_text()
    for old, new in {
        "/etc/letsencrypt/live/congress.example.org/fullchain.pem": certificate,
        "/etc/letsencrypt/live/congress.example.org/privkey.pem": key,
        "/var/cache/nginx": tmp_path,
        "/var/log/nginx": tmp_path,
    }.items():
        text = text.replace(old, str(new))
    (tmp_path / "congress.conf").write_text(text)
    around = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/congress.conf; }}"
    (tmp_path / "nginx.conf").write_text(around)
    done = subprocess.run([nginx, "-t", "-c", str(tmp_path / "nginx.conf")], check=False, capture_output=True, text=True)
    assert (done.returncode, "[warn]" in done.stderr) == (0, False), done.stderr


def test_a_public_feed_is_asked_of_congress_once_and_then_given_from_memory(front):
    answers = [front.nginx.get(FEED, accept_encoding="gzip") for _time in range(2)]
    assert (answers[0].status, answers[0].tag, answers[0].body) == (200, answers[1].tag, answers[1].body)
    assert sorted(front.logged(2)) == [f"GET {FEED} 200 HIT", f"GET {FEED} 200 MISS"]


def test_a_program_that_has_the_feed_gets_304_from_memory(front):
    known = front.nginx.get(FEED)
    by_tag = front.nginx.get(FEED, f'"another", W/{known.tag}')
    by_date = front.nginx.get(FEED, if_modified_since=known.headers["Last-Modified"])
    assert [(each.status, each.body, each.tag) for each in (by_tag, by_date)] == [(304, b"", known.tag)] * 2


def test_head_and_a_range_are_answered_from_memory(front):
    whole = front.nginx.get(FEED)
    head, part = front.nginx.get(FEED, method="HEAD"), front.nginx.get(FEED, range="bytes=10-19")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(whole.body)), b"")
    assert (part.status, part.body) == (206, whole.body[10:20])


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=1.0, br;q=0", "gzip"),
        ("gzip;q=0.5,deflate", "gzip"),
        ("brotli, x-gzip", None),
        ("gzip;q=0, identity", None),
        ("", None),
    ],
)
def test_each_spelling_of_codings_gets_a_coding_that_it_takes(front, accepted, coding):
    answer = front.nginx.get(FEED, accept_encoding=accepted)
    assert (answer.status, answer.headers.get("Content-Encoding")) == (200, coding)


def test_sheets_are_compressed_once_and_then_given_from_memory(front):
    sheet = "/static/css/site.css"
    answers = [front.nginx.get(sheet, accept_encoding="gzip, deflate, br, zstd") for _time in range(2)]
    known = front.nginx.get(sheet, answers[0].tag, accept_encoding="gzip, deflate, br, zstd")

    assert [(each.status, each.headers["Content-Encoding"], each.body) for each in answers] == [(200, "br", answers[0].body)] * 2
    assert (known.status, known.body) == (304, b"")
    assert sorted(front.logged(3)) == [f"GET {sheet} 200 HIT", f"GET {sheet} 200 MISS", f"GET {sheet} 304 HIT"]


def test_a_personal_feed_is_never_kept_and_its_token_is_in_no_file_of_nginx(front):
    with front.app.app_context():
        begin_writing()
        registration = factories.make_registration()
        token = calendar_token(registration, key=front.app.config["SECRET_KEY"], now=factories.NOW)
        db.session.commit()
        db.session.remove()
    path = f"/my/calendar/{token}/krakowice2018.ics"
    answers = [front.nginx.get(path) for _time in range(2)]
    front.stop_congress()
    answers.append(front.nginx.get(path))
    written = [each.read_bytes() for each in front.folder.rglob("*") if each.is_file() and "sqlite" not in each.name]
    assert [answer.status for answer in answers] == [200, 200, 502]
    assert sorted(front.logged(3)) == ["GET /my/calendar/- 200 -", "GET /my/calendar/- 200 -", "GET /my/calendar/- 502 -"]
    assert not any(token.encode() in each for each in written)


def test_nobody_can_put_another_host_into_what_is_kept_for_all(front):
    forged = front.nginx.get(FEED, x_forwarded_host="evil.example", x_forwarded_proto="ftp", forwarded="host=evil.example")
    assert (forged.status, b"evil.example" in forged.body, b"ftp:" in forged.body) == (200, False, False)
    assert f"SOURCE;VALUE=URI:http://127.0.0.1{FEED}"[:60].encode() in forged.body


def test_a_release_is_seen_once_the_time_for_keeping_is_over(front):
    before = front.nginx.get(FEED)
    with front.app.app_context():
        begin_writing()
        factories.the_item("P022").titles = Localised(en="Renamed in a release")
        release_programme(factories.the_congress(), note=Localised(), by="test", now=factories.NOW)
        db.session.commit()
        db.session.remove()
    for _attempt in range(100):
        after = front.nginx.get(FEED)
        if after.tag != before.tag:
            break
        time.sleep(0.1)
    assert (b"Renamed in a release" in before.body, b"Renamed in a release" in after.body) == (False, True)


def test_the_last_good_feed_is_given_while_congress_is_down(front):
    before = front.nginx.get(FEED)
    front.stop_congress()
    for number in range(2, 100):
        after = front.nginx.get(FEED)
        if front.logged(number)[-1].endswith("STALE"):
            break
        time.sleep(0.1)
    assert (after.status, after.body, front.logged(number)[-1]) == (200, before.body, f"GET {FEED} 200 STALE")


def test_desk_pages_are_never_kept_nor_is_what_was_searched_for_logged(front):
    statuses = [front.nginx.get("/desk/sign-in?q=ada@mail.example").status for _time in range(2)]
    assert (statuses, front.logged(2)) == ([200, 200], ["GET /desk/sign-in 200 -"] * 2)
    front.nginx.get("/desk/password/WyJhIl0.aBcDeF.x-y_z")
    assert front.logged(3)[2] == "GET /desk/password/- 404 -"
