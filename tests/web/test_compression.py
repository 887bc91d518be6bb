"""What goes over the line is small, and compressing gives nothing away."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from time_machine import travel

from tests.factories import utc

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
PROGRAMME = "/krakowice2018/programme/"
SHEET = "/static/css/site.css"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("identity", None),
        ("", None),
        ("br;q=0, gzip;q=0.1", "gzip"),
    ],
)
@pytest.mark.parametrize("address", [PROGRAMME, SHEET, "/bootstrap/static/css/bootstrap.min.css", "/static/img/signs.svg"])
def test_everybodys_answers_come_in_the_coding_that_is_taken(
    client: FlaskClient, address: str, accepted: str, coding: str | None
):
    plain = client.get(address)
    answer = client.get(address, headers={"Accept-Encoding": accepted, "Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, coding)
    assert DECODED[coding](answer.data) == plain.data
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in answer.vary
    if coding:
        assert len(answer.data) < len(plain.data) / 3


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
@pytest.mark.parametrize("address", ["/krakowice2018/registration/", "/krakowice2018/newsletter/", "/desk/sign-in"])
def test_a_page_with_a_token_is_not_compressed_unless_its_own_site_asked(client: FlaskClient, address: str, site: str | None):
    asked = BROWSER | ({"Sec-Fetch-Site": site} if site else {})

    assert "csrf_token" in client.get(address).text
    assert client.get(address, headers=asked).headers.get("Content-Encoding") is None
    for own in ("same-origin", "none"):
        assert client.get(address, headers=BROWSER | {"Sec-Fetch-Site": own}).headers.get("Content-Encoding") == "br"


def test_pages_of_the_desk_are_compressed_for_its_own_pages_only(organiser: FlaskClient):
    for address in ("/desk/krakowice2018/placements/", "/desk/krakowice2018/registrations/"):
        codings = {
            site: organiser.get(address, headers=BROWSER | {"Sec-Fetch-Site": site}).headers.get("Content-Encoding")
            for site in ("same-origin", "none", "same-site", "cross-site", "nonsense")
        }
        assert codings == {"same-origin": "br", "none": "br", "same-site": None, "cross-site": None, "nonsense": None}


def test_what_a_guesser_could_want_of_a_token_differs_with_each_second(app: Flask):
    """The signature is what a token cannot be made without; its first part alone, the same all day, opens nothing."""
    with app.test_request_context():
        made = []
        for second in (1, 2):
            with travel(utc(2018, 6, 12, 9, 0).replace(second=second), tick=False):
                g.pop("csrf_token", None)
                made.append(generate_csrf().split("."))

    (value, stamp, signature), (value_again, stamp_again, signature_again) = made
    assert value == value_again
    assert (stamp != stamp_again, signature != signature_again) == (True, True)


def test_small_answers_and_those_compressed_already_stay_as_they_are(client: FlaskClient):
    health = client.get("/healthz", headers=BROWSER)
    feed = client.get("/krakowice2018/calendar/krakowice2018-programme.ics", headers=BROWSER)
    with client.get("/static/vendor/source-serif-4/latin.woff2", headers=BROWSER) as font:
        assert font.headers.get("Content-Encoding") is None
    assert (health.status_code, health.headers.get("Content-Encoding")) == (200, None)
    assert brotli.decompress(feed.data).startswith(b"BEGIN:VCALENDAR")


def test_a_head_request_says_what_a_get_request_would(client: FlaskClient):
    for address in (PROGRAMME, SHEET):
        got, head = (ask(address, headers=BROWSER) for ask in (client.get, client.head))
        names = ("Content-Encoding", "Content-Type", "Content-Length", "ETag", "Vary")
        assert ({name: head.headers.get(name) for name in names}, head.data) == (
            {name: got.headers.get(name) for name in names},
            b"",
        )


def test_a_sheet_is_known_by_its_tag_and_read_anew_when_it_changes(app: Flask, client: FlaskClient):
    folder = Path(str(app.blueprints["bootstrap"].static_folder))
    assert client.get("/bootstrap/static/css/bootstrap.min.css").data == (folder / "css/bootstrap.min.css").read_bytes()
    first = client.get(SHEET, headers=BROWSER)
    again = client.get(SHEET, headers=BROWSER | {"If-None-Match": first.headers["ETag"]})
    plain = client.get(SHEET, headers={"If-None-Match": first.headers["ETag"].replace("-br", "-x")})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (plain.status_code, plain.headers["Cache-Control"]) == (200, "public, max-age=3600")
    assert plain.headers["ETag"] != first.headers["ETag"]
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(
    "name",
    [
        "../config.py",
        "..%2f..%2fconfig.py",
        "css",
        "css/",
        "css/nothing.css",
        "js/%00.js",
        "x" * 5000 + ".css",
    ],
)
def test_what_is_no_file_of_ours_is_not_there(client: FlaskClient, name: str):
    for root in ("/static/", "/bootstrap/static/"):
        assert client.get(root + name).status_code == 404
