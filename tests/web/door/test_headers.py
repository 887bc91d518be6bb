"""What a calendar's answer says beside its bytes."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse

from congress.delegates.vocabulary import Category
from congress.feeds import services as feeds
from congress.feeds.models import Purpose
from tests.factories import NOW, the_congress
from tests.web.door.said import (
    CHOICES,
    COMPRESSED,
    FEED,
    PUBLIC,
    WRONG,
    AddressOf,
    change,
    headers_of,
    person_of,
    titles,
)


def test_a_public_calendar_has_these_headers(client: FlaskClient):
    answer = client.get(FEED)
    assert (answer.status_code, headers_of(answer)) == (
        200,
        {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": 'inline; filename="krakowice2018-programme.ics"',
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "Accept-Ranges": "none",
            "Access-Control-Allow-Origin": "*",
            "Last-Modified": "Wed, 02 May 2018 09:00:00 GMT",
            "ETag": answer.headers["ETag"],
            "Content-Length": str(len(answer.data)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


def test_a_single_session_is_saved_rather_than_shown(client: FlaskClient):
    answer = client.get(f"{PUBLIC}session-P022.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="krakowice2018-session-P022.ics"'


def test_in_a_congress_whose_language_is_not_ours_calendars_are_in_ours(app: Flask, client: FlaskClient, address_of: AddressOf):
    paths = [FEED, address_of()]
    plain = [titles(client.get(path)) for path in paths]
    change(app, lambda: setattr(the_congress(), "languages", ["fr", "pl"]))
    assert [titles(client.get(path)) for path in paths] == plain


@pytest.mark.parametrize("status", [200, 404, 410])
def test_a_secret_calendar_has_these_headers(app: Flask, client: FlaskClient, address_of: AddressOf, status: int):
    path = WRONG if status == 404 else address_of()
    if status == 410:
        change(app, lambda: feeds.revoke_calendar_tokens(person_of(path), now=NOW))
    answer = client.get(path)
    assert (answer.status_code, headers_of(answer)) == (
        status,
        {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": f'inline; filename="{"calendar" if status == 404 else "krakowice2018"}.ics"',
            "Cache-Control": "private, max-age=300",
            "Vary": "Accept-Encoding",
            "Accept-Ranges": "none",
            "X-Robots-Tag": "noindex",
            "ETag": answer.headers["ETag"],
            "Content-Length": str(len(answer.data)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


def everything_asked(app: Flask, address_of: AddressOf, draft: str) -> dict[str, tuple[str, int]]:
    """An address of every kind, and its status."""
    own, ended = address_of(chosen=CHOICES), address_of()
    change(app, lambda: feeds.revoke_calendar_tokens(person_of(ended), now=NOW))
    return {
        "public": (FEED, 200),
        "session": (f"{PUBLIC}session-P022.ics", 200),
        "polish": (f"{FEED}?lang=pl", 200),
        "jcal": (f"{FEED}?format=jcal", 200),
        "own": (own, 200),
        "polish own": (f"{own}?lang=pl&deadlines=1", 200),
        "delegation": (address_of(Purpose.DELEGATION), 200),
        "field": (address_of(Purpose.FIELD, category=Category.COORDINATOR), 200),
        "draft": (draft, 200),
        "ended": (ended, 410),
        "not of the city's": (address_of(Purpose.DELEGATION, category=Category.COMPANION), 410),
        "wrong token": (WRONG, 404),
        "wrong name": (own.replace("krakowice2018", "other2018"), 404),
        "no feed": (f"{PUBLIC}none.ics", 404),
        "no congress": ("/none2018/calendar/none2018-programme.ics", 404),
        "wrong option": (f"{FEED}?lang=xx", 400),
        "wrong option of the own": (f"{own}?alarm=soon", 400),
    }


def test_behind_the_door_the_same_is_given(app: Flask, client: FlaskClient, address_of: AddressOf, draft: str):
    behind = Client(app.wsgi_app._inner, TestResponse)
    for name, (path, status) in everything_asked(app, address_of, draft).items():
        first, second = client.get(path), behind.get(path)
        assert (first.status_code, second.status_code) == (status, status), name
        if first.mimetype == "text/html":
            continue
        assert first.data == second.data, name
        shown = headers_of(first, "Referrer-Policy")
        assert {key: second.headers.get(key) for key in shown} == shown, name
        assert behind.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == (
            304 if status == 200 else status
        )


def test_head_says_what_get_says_without_the_body(app: Flask, client: FlaskClient, address_of: AddressOf, draft: str):
    for name, (path, status) in everything_asked(app, address_of, draft).items():
        for coding in ("", "gzip"):
            asked = {"Accept-Encoding": coding}
            get, head = client.get(path, headers=asked), client.head(path, headers=asked)
            assert (head.status_code, head.data) == (status, b""), name
            if head.mimetype != "text/html":
                assert headers_of(head) == headers_of(get), name


def test_no_answer_sets_a_cookie(app: Flask, client: FlaskClient, address_of: AddressOf, draft: str):
    asked = {"Cookie": "language=en; session=x", "Accept-Language": "pl"}
    for name, (path, status) in everything_asked(app, address_of, draft).items():
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PROPFIND"):
            answer = client.open(path, method=method, headers=asked)
            assert answer.headers.getlist("Set-Cookie") == [], (name, method)
        if status == 200:
            answer = client.get(path, headers={**asked, "If-None-Match": "*"})
            assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (304, []), name


def test_the_log_has_the_rule_and_never_the_token(
    app: Flask, client: FlaskClient, address_of: AddressOf, draft: str, caplog: pytest.LogCaptureFixture
):
    everything = everything_asked(app, address_of, draft)
    for name, (path, status) in everything.items():
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="congress"):
            answer = client.get(path)
        rule = "/my/calendar/<token>/<name>.ics" if path.startswith("/my/") else "/<congress>/calendar/<name>.ics"
        wanted = rf"{answer.headers['X-Request-ID']} GET {re.escape(rule)} {status} \d+ms"
        assert [bool(re.fullmatch(wanted, each.getMessage())) for each in caplog.records] == [True], (name, caplog.text)
        token = path.split("/")[3] if path.startswith("/my/") else "krakowice2018-"
        assert token not in caplog.text, name
        if status == 200:
            caplog.clear()
            with caplog.at_level(logging.DEBUG, logger="congress"):
                assert client.get(path, headers={"If-None-Match": "*"}).status_code == 304
            assert caplog.records == [], name  # that nothing is new is only counted


def test_each_answer_has_a_number_of_its_own(client: FlaskClient):
    asked = [client.get(FEED), client.head(FEED), client.get(FEED, headers={"If-None-Match": "*"}), client.get(WRONG)]
    numbers = [answer.headers["X-Request-ID"] for answer in asked]
    assert (len(set(numbers)), [bool(re.fullmatch("[0-9a-f]{12}", each)) for each in numbers]) == (4, [True] * 4)


def test_pages_of_other_sites_may_read_public_calendars_and_no_others(client: FlaskClient, address_of: AddressOf, draft: str):
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(FEED, headers=asked)
    told = {name: value for name, value in answer.headers.items() if name.startswith("Access-Control-") or name == "Allow"}
    assert (answer.status_code, answer.data, told) == (
        204,
        b"",
        {
            "Allow": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
            "Access-Control-Max-Age": "86400",
        },
    )
    known = client.get(FEED, headers={**asked, "If-None-Match": "*"})
    assert (known.status_code, known.headers["Access-Control-Allow-Origin"]) == (304, "*")
    for path in (address_of(), draft, WRONG):
        for method in ("GET", "OPTIONS"):
            found = client.open(path, method=method, headers=asked)
            assert [name for name, _value in found.headers if name.startswith("Access-Control-")] == [], (path, method)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "REPORT", "TRACE"])
@pytest.mark.parametrize("path", [FEED, WRONG])
def test_a_calendar_is_only_read(client: FlaskClient, path: str, method: str):
    answer = client.open(path, method=method, data=b"BEGIN:VCALENDAR", content_type="text/calendar")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})
    assert client.get(path).mimetype == "text/calendar"


@pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=-1", "bytes=999999-", "lines=1-2", "nonsense"])
def test_a_range_is_answered_with_the_whole(client: FlaskClient, asked: str):
    whole, tag = client.get(FEED).data, client.get(FEED).headers["ETag"]
    for more in ({}, {"If-Range": tag}):
        answer = client.get(FEED, headers={"Range": asked, **more})
        assert (answer.status_code, answer.data, answer.headers["Accept-Ranges"]) == (200, whole, "none")


def test_every_coding_has_its_own_tag_and_the_same_bytes(client: FlaskClient, address_of: AddressOf):
    for path in (FEED, address_of(), WRONG):
        plain = client.get(path)
        tags = {plain.headers["ETag"]}
        for coding, decoded in COMPRESSED.items():
            answer = client.get(path, headers={"Accept-Encoding": coding})
            assert (answer.headers["Content-Encoding"], decoded(answer.data)) == (coding, plain.data)
            assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data)
            tags.add(answer.headers["ETag"])
        assert len(tags) == 3


def test_each_tag_of_what_somebody_has_is_answered_with_304(client: FlaskClient, address_of: AddressOf):
    for path in (FEED, f"{FEED}?format=jcal", address_of()):
        for coding in ("", *COMPRESSED):
            asked = {"Accept-Encoding": coding}
            tag = client.get(path, headers=asked).headers["ETag"]
            for form in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                answer = client.get(path, headers={**asked, "If-None-Match": form})
                assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
                assert not [name for name, _value in answer.headers if name.startswith("Content-") and "Security" not in name]
            assert client.get(path, headers={**asked, "If-None-Match": '"other"'}).status_code == 200


def test_a_secret_calendar_is_not_answered_by_time(client: FlaskClient, address_of: AddressOf):
    answer = client.get(address_of(), headers={"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"})
    assert (answer.status_code, "Last-Modified" in answer.headers) == (200, False)
