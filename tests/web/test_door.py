"""Calendars as programs get them, over HTTP: at the door and behind it, whole and right at every moment."""

from __future__ import annotations

import gzip
import html
import itertools
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import brotli
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import delete, select
from werkzeug.test import Client, TestResponse

from congress.accounts.models import Account, Role
from congress.accounts.queries import find_account
from congress.congresses.models import Congress
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.models import Category
from congress.demo import ORGANISER
from congress.feeds import ical
from congress.feeds import services as feeds
from congress.feeds.models import FeedToken, Purpose
from congress.feeds.selection import for_calendar
from congress.programme.models import ProgrammeItem, ReleasedEntry
from congress.programme.services import release_programme
from congress.registration import queries as registrations
from congress.registration import services as registration
from congress.registration.models import Booking, Registration
from congress.registration.rules import State
from congress.web import secret_calendars
from congress.web.feed_words import words
from tests.conftest import LOADED_AT, forget_releases
from tests.factories import NOW, make_registration, the_congress, the_item, utc

PUBLIC = "/krakowice2018/calendar/krakowice2018-"
FEED = f"{PUBLIC}programme.ics"
WRONG = "/my/calendar/{}/krakowice2018.ics".format("a" * 32)
CHOICES = ("P037", "P040", "P048")  # that a delegate may add
SENTENCES = {
    "en": "There is no option “{}” with this value in the address of this calendar.",
    "pl": "W adresie tego kalendarza nie może być opcji „{}” z taką wartością.",
}
COMPRESSED = {"br": brotli.decompress, "gzip": gzip.decompress}

AddressOf = Callable[..., str]


@pytest.fixture(autouse=True)
def _at_the_time_of_the_tests(app: Flask) -> Iterator[None]:
    """It is a week after the first release, and the congress was not changed since."""
    with app.app_context():
        db.session.execute(sa.update(Congress).values(changed_at=LOADED_AT))
        db.session.commit()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def address_of(app: Flask) -> AddressOf:
    """Registers somebody; the path of the calendar for a purpose."""

    def register(purpose: Purpose = Purpose.OWN, *, chosen: tuple[str, ...] = (), **changes: object) -> str:
        with app.app_context():
            begin_writing()
            person = make_registration(**changes)
            for code in chosen:
                registration.choose(person, the_item(code), now=NOW)
            token = feeds.calendar_token(person, purpose, key=app.config["SECRET_KEY"], now=NOW)
            db.session.commit()
            return f"/my/calendar/{token}/{purpose.file_name('krakowice2018')}.ics"

    return register


@pytest.fixture
def draft(app: Flask) -> str:
    """The path of an organiser's calendar of the draft."""
    with app.app_context():
        begin_writing()
        token = feeds.draft_token(find_account(ORGANISER), the_congress(), key=app.config["SECRET_KEY"], now=NOW)
        db.session.commit()
        return f"/my/calendar/{token}/krakowice2018-draft.ics"


def change(app: Flask, act: Callable[[], object]) -> None:
    """Somebody changes something in another transaction."""
    with app.app_context():
        begin_writing()
        act()
        db.session.commit()


def person_of(path: str) -> Registration:
    """The registration whose calendar it is."""
    found = db.session.scalars(select(FeedToken).where(FeedToken.digest == feeds.digest(path.split("/")[3]))).one()
    assert found.registration is not None
    return found.registration


def titles(answer: TestResponse) -> list[str]:
    return [str(each["SUMMARY"]) for each in Calendar.from_ical(answer.data).walk("VEVENT")]


def name_of(answer: TestResponse) -> str:
    return str(Calendar.from_ical(answer.data)["X-WR-CALNAME"])


def said(answer: TestResponse) -> str:
    """The sentence of an error's page."""
    return html.unescape(re.search(r'<p class="lead">(.*?)</p>', answer.text, re.DOTALL)[1])


def is_empty_calendar(answer: TestResponse) -> bool:
    return answer.mimetype == "text/calendar" and b"BEGIN:VEVENT" not in answer.data and b"X-WR-CALNAME" in answer.data


def headers_of(answer: TestResponse, *without: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in {"X-Request-ID", *without}}


# What is said.


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
            answer = client.get(path, headers={"If-None-Match": "*"})
        rule = "/my/calendar/<token>/<name>.ics" if path.startswith("/my/") else "/<congress>/calendar/<name>.ics"
        found = 304 if status == 200 else status
        wanted = rf"{answer.headers['X-Request-ID']} GET {re.escape(rule)} {found} \d+ms"
        assert [bool(re.fullmatch(wanted, each.getMessage())) for each in caplog.records] == [True], (name, caplog.text)
        token = path.split("/")[3] if path.startswith("/my/") else "krakowice2018-"
        assert token not in caplog.text, name


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
                assert not [name for name, _value in answer.headers if name.startswith("Content-") and "Options" not in name]
            assert client.get(path, headers={**asked, "If-None-Match": '"other"'}).status_code == 200


def test_a_secret_calendar_is_not_answered_by_time(client: FlaskClient, address_of: AddressOf):
    answer = client.get(address_of(), headers={"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"})
    assert (answer.status_code, "Last-Modified" in answer.headers) == (200, False)


# Addresses as they come.


def test_an_address_written_otherwise_is_the_same_calendar(client: FlaskClient, address_of: AddressOf):
    own = address_of()
    plain = {path: client.get(path) for path in (FEED, own)}
    for path, written in (
        (FEED, "/krakowice2018/calendar/krakowice2018%2Dprogramme.ics"),
        (FEED, "/%6Brakowice2018/calendar/krakowice2018-programme%2eics"),
        (FEED, f"{FEED}?"),
        (own, own.replace("krakowice", "%6brakowice")),
        (own, f"{own}?"),
    ):
        answer = client.get(written)
        assert (answer.data, answer.headers["ETag"]) == (plain[path].data, plain[path].headers["ETag"]), written


@pytest.mark.parametrize(
    "name",
    ["x%0d%0aSet-Cookie:%20a=b", "x%0aX-Evil:%201", "x%22; filename=%22y", "%00", "ł", "%ff%fe", "x" * 3000, "krakowice2018%0a"],
)
def test_an_invented_name_stands_in_no_header(client: FlaskClient, name: str):
    answer = client.get(f"/my/calendar/{'a' * 32}/{name}.ics")
    assert (answer.status_code, headers_of(answer)) == (404, headers_of(client.get(WRONG)))


@pytest.mark.parametrize(
    "name", ["x%0d%0aSet-Cookie:%20a=b", "%00", "ł", "%ff%fe", "x" * 3000, "programme%0a", "session-P022%00"]
)
def test_an_invented_feed_is_not_found(client: FlaskClient, name: str):
    answer = client.get(f"{PUBLIC}{name}.ics")
    assert (answer.status_code, answer.mimetype, "Set-Cookie" in answer.headers) == (404, "text/html", False)


@pytest.mark.parametrize(
    "congress", ["%00", "krakowice2018%00", "ł", "%ff", "x" * 3000, "my", "Krakowice2018", "krakowice2018%0a"]
)
def test_an_invented_congress_is_not_found(client: FlaskClient, congress: str):
    answer = client.get(f"/{congress}/calendar/{congress}-programme.ics")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_token_opens_nothing_under_another_name(client: FlaskClient, address_of: AddressOf, draft: str):
    for path in (address_of(), draft):
        folder, _, name = path.rpartition("/")
        for other in ("krakowice2019.ics", "other.ics", "krakowice2018-.ics", "krakowice2018-own.ics", "Krakowice2018.ics"):
            assert other != name
            answer = client.get(f"{folder}/{other}")
            assert (answer.status_code, is_empty_calendar(answer)) == (404, True), other


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(
    ("query", "option"),
    [
        ("lang=xx", "lang"),
        ("tbc=1&tbc=1", "tbc"),
        ("lang=ł", "lang"),
        ("alarm=-1", "alarm"),
        ("alarm=10081", "alarm"),
        ("alarm=", "alarm"),
        ("free=2", "free"),
        ("tbc=yes", "tbc"),
        ("format=xml", "format"),
        ("deadlines=1", "deadlines"),
        ("Lang", "Lang"),
        ("=1", ""),
        ("<script>=1", "<script>"),
        ("ł=1", "ł"),
        ("%ff=1", "\ufffd"),
        ("%00=1", "\x00"),
        (f"{'x' * 4000}=1", "x" * 40),
        ("&" * 20, "&"),
        ("&".join(["tbc=1"] * 21), "&"),
        ("lang=" + "x" * 8000, "lang"),
    ],
)
def test_a_wrong_option_is_refused_with_a_sentence(client: FlaskClient, query: str, option: str, language: str):
    answer = client.get(f"{FEED}?{query}", headers={"Accept-Language": language})
    sentence = said(answer)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (400, "text/html", "no-store")
    assert sentence.startswith(SENTENCES[language].format(option)), sentence
    assert "lang=en,pl" in sentence
    assert "<script>=" not in answer.text


def test_nothing_at_all_is_asked_by_an_empty_query(client: FlaskClient):
    plain = client.get(FEED).data
    assert plain.count(b"SOURCE;VALUE=URI:") == 1
    for query in ("", "&", "&&"):
        assert titles(client.get(f"{FEED}?{query}")) == titles(client.get(FEED))


def test_a_host_that_is_not_ours_gets_no_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    own = address_of()
    app.config["TRUSTED_HOSTS"] = ["localhost", ".congress.example"]
    for path in (FEED, own):
        assert b"URL:http://localhost/krakowice2018/" in client.get(path).data
        assert b"URL:http://a.congress.example/krakowice2018/" in client.get(path, base_url="http://a.congress.example").data
        for host in ("evil.example", "congress.example.evil.example"):
            answer = client.get(path, base_url=f"http://{host}")
            assert (answer.status_code, answer.mimetype, answer.data) == (400, "text/plain", b"400 Bad Request\n")


def test_under_each_host_addresses_are_its_own(client: FlaskClient, address_of: AddressOf):
    own = address_of()
    for path, host in itertools.product(
        (FEED, own, f"{FEED}?lang=pl"), ("http://a.example", "https://a.example", "http://b.example:81")
    ):
        body = re.sub(rb"\r\n ", b"", client.get(path, base_url=host).data).decode()
        assert set(re.findall(r"https?://[^/]*example[:\d]*(?=/krakowice2018)", body)) == {host}


def test_the_address_of_the_site_wins_over_the_host(app: Flask, client: FlaskClient):
    app.config["SITE_URL"] = "https://congress.example/site"
    body = client.get(FEED, base_url="http://other.example").data
    assert b"URL:https://congress.example/site/krakowice2018/" in body
    assert b"other.example" not in body


def test_under_a_folder_addresses_have_the_folder(client: FlaskClient, address_of: AddressOf):
    for path in (FEED, address_of(), FEED):
        plain, mounted = (client.get(path, base_url=f"http://localhost{folder}").data for folder in ("", "/sub"))
        assert b"URL:http://localhost/krakowice2018/" in plain
        assert b"URL:http://localhost/sub/krakowice2018/" in mounted
        assert b"localhost/krakowice2018/" not in re.sub(rb"\r\n ", b"", mounted)


# Options.


def test_two_languages_stand_in_one_title(client: FlaskClient):
    both = {title for title in titles(client.get(f"{PUBLIC}plenary.ics?lang=en,pl")) if " / " in title}
    english, polish = (titles(client.get(f"{PUBLIC}plenary.ics?lang={language}")) for language in ("en", "pl"))
    assert both == {f"{first} / {second}" for first, second in zip(english, polish, strict=True) if first != second}
    assert len(both) > 4


@pytest.mark.parametrize(
    ("query", "trigger"), [("", None), ("?alarm=0", "PT0S"), ("?alarm=15", "-PT15M"), ("?alarm=10080", "-PT10080M")]
)
def test_an_alarm_rings_where_it_is_asked_for(client: FlaskClient, query: str, trigger: str | None):
    events = Calendar.from_ical(client.get(f"{PUBLIC}plenary.ics{query}").data).walk("VEVENT")
    found = [each.to_ical() for event in events for alarm in event.walk("VALARM") for each in [alarm["TRIGGER"]]]
    minutes = {None: [], "PT0S": [timedelta(0)], "-PT15M": [timedelta(minutes=-15)], "-PT10080M": [timedelta(days=-7)]}[trigger]
    triggers = [alarm["TRIGGER"].dt for event in events for alarm in event.walk("VALARM")]
    assert (len(events) > 4, triggers) == (True, minutes * len(events))
    assert len(found) == len(triggers)


@pytest.mark.parametrize(
    ("is_own", "query", "taken"),
    [(False, "", "TRANSPARENT"), (False, "?free=0", "OPAQUE"), (True, "", "OPAQUE"), (True, "?free=1", "TRANSPARENT")],
)
def test_the_time_is_taken_as_the_reader_asks(client: FlaskClient, address_of: AddressOf, is_own: bool, query: str, taken: str):
    path = address_of() if is_own else f"{PUBLIC}plenary.ics"
    events = Calendar.from_ical(client.get(f"{path}{query}").data).walk("VEVENT")
    assert {str(each["TRANSP"]) for each in events if isinstance(each["DTSTART"].dt, datetime)} == {taken}


def test_what_is_to_be_confirmed_comes_when_asked_for_and_says_so(client: FlaskClient):
    plain, asked = (
        Calendar.from_ical(client.get(f"{PUBLIC}kind-debate.ics{query}").data).walk("VEVENT") for query in ("", "?tbc=1")
    )
    assert (plain, [(str(each["STATUS"]), type(each["DTSTART"].dt)) for each in asked]) == ([], [("TENTATIVE", date)] * 2)


def facts(calendar: Calendar) -> list[list[tuple[str, str]]]:
    """What each component says, whatever the form; the address of the form itself aside."""
    found = []
    for component in calendar.walk():
        if component.name == "VALARM":
            continue
        lines = [
            (name, value.to_ical())
            for name, value in component.property_items(recursive=False)
            if name not in {"BEGIN", "END", "SOURCE"}
        ]
        found.append(sorted((name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in lines))
    return found


@pytest.mark.parametrize("query", ["lang=en", "lang=pl,en&tbc=1&alarm=15&free=0"])
def test_jcal_reads_back_as_the_same_entries(client: FlaskClient, address_of: AddressOf, query: str):
    for path in (f"{PUBLIC}programme.ics", address_of(chosen=CHOICES)):
        plain, asked = client.get(f"{path}?{query}"), client.get(f"{path}?{query}&format=jcal")
        assert asked.headers["Content-Type"] == "application/calendar+json; charset=utf-8"
        assert asked.headers["Content-Disposition"].endswith('.json"')
        read = Calendar.from_jcal(json.loads(asked.data))
        assert facts(read) == facts(Calendar.from_ical(plain.data))
        assert len(facts(read)) > 10


def test_the_end_of_the_registration_is_a_day_of_the_own_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    change(app, lambda: setattr(the_congress(), "registration_closes_at", utc(2018, 5, 31, 22)))
    events = {
        query: {each.to_ical(): each for each in Calendar.from_ical(client.get(f"{path}{query}").data).walk("VEVENT")}
        for query in ("?lang=en", "?lang=en&deadlines=1", "?lang=pl", "?lang=pl&deadlines=1")
    }
    added = {
        language: [
            (str(event["SUMMARY"]), event["DTSTART"].dt, event["DTEND"].dt, str(event["TRANSP"]), str(event["URL"]))
            for said, event in events[f"?lang={language}&deadlines=1"].items()
            if said not in events[f"?lang={language}"]
        ]
        for language in ("en", "pl")
    }
    day = (date(2018, 6, 1), date(2018, 6, 2), "TRANSPARENT", "http://localhost/krakowice2018/")
    assert added == {"en": [("Registration closes", *day)], "pl": [("Koniec przyjmowania zgłoszeń", *day)]}


def test_without_an_end_of_the_registration_there_is_no_such_day(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    change(app, lambda: setattr(the_congress(), "registration_closes_at", None))
    assert titles(client.get(f"{path}?deadlines=1")) == titles(client.get(path))


def test_a_draft_is_marked_and_tentative(app: Flask, client: FlaskClient, draft: str):
    change(app, lambda: setattr(the_item("P022"), "titles", Localised(en="Secret plan", pl="Tajny plan")))
    events = Calendar.from_ical(client.get(draft).data).walk("VEVENT")
    polish = titles(client.get(f"{draft}?lang=pl"))
    assert {str(each["STATUS"]) for each in events} == {"TENTATIVE"}
    assert ({str(each["SUMMARY"]).partition(" ")[0] for each in events}, len({each.partition(":")[0] for each in polish})) == (
        {"DRAFT:"},
        1,
    )
    assert "DRAFT: Secret plan" in titles(client.get(draft))
    assert b"Secret plan" not in client.get(FEED).data


# Right at every moment.


def release(app: Flask, now: datetime = NOW) -> None:
    change(app, lambda: release_programme(the_congress(), note=Localised(en="Changes"), by="test", now=now))


def test_a_release_shows_at_once_and_its_tag_and_time_with_it(app: Flask, client: FlaskClient, address_of: AddressOf):
    paths = [FEED, f"{FEED}?lang=en,pl", f"{PUBLIC}session-P022.ics", address_of(), address_of(Purpose.DELEGATION)]
    before = {path: client.get(path) for path in paths}
    change(app, lambda: setattr(the_item("P022"), "titles", Localised(en="Moved on", pl="Dalej")))
    assert {path: client.get(path).data for path in paths} == {path: answer.data for path, answer in before.items()}

    release(app)

    for path in paths:
        after = client.get(path, headers={"If-None-Match": before[path].headers["ETag"]})
        assert (after.status_code, b"Moved on" in after.data) == (200, True), path
        if path.startswith("/krak"):
            asked = {"If-Modified-Since": before[path].headers["Last-Modified"]}
            assert client.get(path, headers=asked).status_code == 200
            assert after.headers["Last-Modified"] == "Thu, 10 May 2018 09:00:00 GMT"


@pytest.mark.parametrize(
    ("attribute", "value", "seen"),
    [
        ("names", Localised(en="Renamed", pl="Po zmianie"), b"X-WR-CALNAME:Renamed"),
        ("long_names", Localised(en="Renamed", pl="Po zmianie"), b"X-WR-CALDESC:Renamed"),
        ("languages", ["pl", "en"], "SUMMARY:7. Festiwal Miłosza".encode()),
        ("timezone", "Asia/Kathmandu", b"TZID=Asia/Kathmandu:"),
        ("starts_on", date(2018, 5, 11), b"REFRESH-INTERVAL;VALUE=DURATION:PT15M"),
    ],
)
def test_a_change_of_the_congress_shows_at_once(app: Flask, client: FlaskClient, attribute: str, value: object, seen: bytes):
    before = client.get(FEED)

    change(app, lambda: setattr(the_congress(), attribute, value))

    after = client.get(FEED, headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert (seen in before.data, seen in after.data, after.status_code) == (False, True, 200)


def test_a_congress_under_another_name_is_only_there(app: Flask, client: FlaskClient, address_of: AddressOf):
    own = address_of()
    assert (client.get(FEED).status_code, client.get(own).status_code) == (200, 200)
    change(app, lambda: setattr(the_congress(), "slug", "renamed2018"))

    renamed = [path.replace("krakowice2018", "renamed2018") for path in (FEED, own)]
    assert [client.get(path).status_code for path in (FEED, own, *renamed)] == [404, 404, 200, 200]


def test_what_was_deleted_is_not_given(app: Flask, client: FlaskClient, address_of: AddressOf, draft: str):
    paths = [FEED, address_of(), draft]
    assert [client.get(path).status_code for path in paths] == [200] * 3

    def forget_everything() -> None:
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in {"accounts", "roles"}:
                db.session.execute(delete(Role) if table.name == "congresses" else sa.select(1))
                db.session.execute(delete(table))

    change(app, forget_everything)

    answers = [client.get(path) for path in paths]
    assert [(answer.status_code, is_empty_calendar(answer)) for answer in answers] == [(404, False), (404, True), (404, True)]


def test_a_choice_comes_and_goes_and_its_tag_with_it(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    first = client.get(path)
    change(app, lambda: registration.choose(person_of(path), the_item("P037"), now=NOW))
    second = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    change(app, lambda: registration.drop(person_of(path), the_item("P037")))

    third = client.get(path, headers={"If-None-Match": second.headers["ETag"]})
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, len(titles(second))) == (200, len(titles(first)) + 1)
    assert (third.status_code, third.data, third.headers["ETag"]) == (200, first.data, first.headers["ETag"])
    assert again.status_code == 304


def test_the_language_of_a_person_is_that_of_the_own_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    names = [name_of(client.get(path))]
    for language in ("pl", "en"):
        change(app, lambda language=language: setattr(person_of(path).delegate.person, "language", language))
        names.append(name_of(client.get(path)))
    assert names == ["#Krakowice2018: my programme", names[1], "#Krakowice2018: my programme"]
    assert (names[1], names[1] != names[0]) == (name_of(client.get(f"{path}?lang=pl")), True)


def test_the_calendar_follows_the_persons_category(app: Flask, client: FlaskClient, address_of: AddressOf):
    own, delegation = address_of(), address_of(Purpose.DELEGATION)
    whole = titles(client.get(own))
    assert client.get(delegation).status_code == 200
    for path in (own, delegation):
        change(app, lambda path=path: setattr(person_of(path).delegate, "category", Category.COMPANION))

    assert set(titles(client.get(own))) < set(whole)
    assert (client.get(delegation).status_code, is_empty_calendar(client.get(delegation))) == (410, True)


@pytest.mark.parametrize("purpose", [Purpose.OWN, Purpose.DELEGATION, Purpose.FIELD])
def test_a_registration_that_ended_has_no_calendar_even_with_its_token(
    app: Flask, client: FlaskClient, address_of: AddressOf, purpose: Purpose
):
    path = address_of(purpose, category=Category.COORDINATOR)
    tag = client.get(path).headers["ETag"]
    change(app, lambda: setattr(person_of(path), "state", State.CANCELLED))

    for asked in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
        answer = client.get(path, headers=asked)
        assert (answer.status_code, is_empty_calendar(answer)) == (410, True)
    change(app, lambda: setattr(person_of(path), "state", State.CONFIRMED))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_an_ended_address_never_gives_what_it_gave(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    tag = client.get(path).headers["ETag"]
    change(app, lambda: feeds.renew_calendar_token(person_of(path), key=app.config["SECRET_KEY"], now=NOW))

    answer = client.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, is_empty_calendar(answer), name_of(answer)) == (
        410,
        True,
        "This calendar address is not valid any more / Ten adres kalendarza nie jest już ważny",
    )


def test_a_delegations_calendar_follows_its_people(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of(Purpose.DELEGATION, given_name="Aya", family_name="One")
    opening = "Opening ceremony"

    def people() -> list[str]:
        return [title.partition(" – ")[2] for title in titles(client.get(path)) if title.startswith(opening)]

    assert people() == ["Aya One"]
    colleague = address_of(given_name="Ben", family_name="Two")
    assert people() == ["Aya One, Ben Two"]
    change(app, lambda: setattr(person_of(colleague).delegate.person, "family_name", "Also"))
    assert people() == ["Ben Also, Aya One"]
    change(app, lambda: registration.choose(person_of(colleague), the_item("P037"), now=NOW))
    assert next(title for title in titles(client.get(path)) if title.startswith("Thematic workshop 1")).endswith(" – Ben Also")
    change(app, lambda: registration.withdraw(person_of(colleague), now=NOW))
    assert people() == ["Aya One"]
    address_of(given_name="Cleo", family_name="Elsewhere", city="katowice")
    assert people() == ["Aya One"]


@pytest.mark.parametrize(
    "act",
    [lambda account: account.roles_held.clear(), lambda account: setattr(account, "active", False)],
    ids=["without the role", "closed"],
)
def test_a_draft_closes_with_the_organisers_rights(app: Flask, client: FlaskClient, draft: str, act: Callable[[Account], object]):
    tag = client.get(draft).headers["ETag"]
    change(app, lambda: act(find_account(ORGANISER)))

    answer = client.get(draft, headers={"If-None-Match": tag})
    assert (answer.status_code, is_empty_calendar(answer)) == (410, True)


def test_a_draft_follows_every_change_without_a_release(app: Flask, client: FlaskClient, draft: str):
    tags = []
    for title in ("One", "Two", "One"):
        change(app, lambda title=title: setattr(the_item("P022"), "titles", Localised(en=title)))
        answer = client.get(draft)
        assert f"DRAFT: {title}" in titles(answer)
        tags.append(answer.headers["ETag"])
    assert len(set(tags)) == 3  # the sequence went on


def test_people_have_their_own_calendars_at_whatever_time_they_ask(client: FlaskClient, address_of: AddressOf):
    chosen = {address_of(chosen=each): each for each in [(), *((code,) for code in CHOICES), CHOICES]}
    plain = len(titles(client.get(next(iter(chosen)))))
    for path, mine in [*chosen.items(), *reversed(chosen.items())]:
        assert len(titles(client.get(path))) == plain + len(mine)
    assert len({client.get(path).headers["ETag"] for path in chosen}) == len(chosen)


def test_a_new_day_of_the_congress_is_a_new_calendar(client: FlaskClient, address_of: AddressOf):
    own, seen = address_of(), {}
    for instant in (
        utc(2018, 6, 10, 21, 59, 59),
        utc(2018, 6, 10, 22),
        utc(2018, 6, 17, 22),
    ):  # midnight in Kraków is at 22:00 UTC
        with time_machine.travel(instant, tick=False):
            answers = [client.get(path) for path in (FEED, own)]
        pace = [re.search(rb"REFRESH-INTERVAL;VALUE=DURATION:(\w+)", answer.data)[1].decode() for answer in answers]
        seen[instant] = (*pace, answers[0].headers["Last-Modified"])
    assert list(seen.values()) == [
        ("PT1H", "PT1H", "Wed, 02 May 2018 09:00:00 GMT"),
        ("PT15M", "PT15M", "Sun, 10 Jun 2018 22:00:00 GMT"),
        ("P1D", "P1D", "Sat, 16 Jun 2018 22:00:00 GMT"),
    ]


def test_who_reads_while_others_change_has_one_state_or_the_other(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    without = client.get(path)
    change(app, lambda: registration.choose(person_of(path), the_item("P037"), now=NOW))
    states = {without.headers["ETag"]: without.data, client.get(path).headers["ETag"]: client.get(path).data}
    found, is_over = [], threading.Event()

    def read() -> None:
        own = app.test_client()
        while not is_over.is_set():
            answer = own.get(path)
            found.append((answer.status_code, answer.headers["ETag"], answer.data))

    threads = [threading.Thread(target=read) for _each in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _time in range(8):
            change(app, lambda: registration.drop(person_of(path), the_item("P037")))
            assert client.get(path).data == without.data
            change(app, lambda: registration.choose(person_of(path), the_item("P037"), now=NOW))
            assert client.get(path).data != without.data
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert {(status, states.get(tag) == body) for status, tag, body in found} == {(200, True)}


# When something is wrong.


def test_while_the_database_is_away_there_is_a_page_and_no_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    paths = [FEED, address_of()]
    before = [client.get(path).data for path in paths]
    app.testing = False

    def rename(*names: tuple[str, str]) -> None:
        with app.app_context():
            for old, new in names:
                db.session.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
            db.session.commit()

    rename(("congresses", "away"))
    answers = [client.get(path, headers={"If-None-Match": "*"}) for path in paths]
    rename(("away", "congresses"))

    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(503, "text/html")] * 2
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 2
    assert [client.get(path).data for path in paths] == before


def test_connections_that_the_database_has_closed_are_replaced(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    before = client.get(path).data
    with app.app_context():
        if db.engine.name == "sqlite":
            pytest.skip("a file closes no connections")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        db.session.execute(sa.text(others))
        db.session.rollback()
    assert client.get(path).data == before


def test_an_entry_that_cannot_be_read_is_an_error_with_a_number_and_no_calendar(app: Flask, client: FlaskClient):
    tag = client.get(FEED).headers["ETag"]
    with app.app_context():
        row = db.session.scalars(select(ReleasedEntry).where(ReleasedEntry.content["code"].as_string() == "P022")).one()
        content, where = row.content, ReleasedEntry.id == row.id

    def put(value: object) -> None:
        change(app, lambda: db.session.execute(sa.update(ReleasedEntry).where(where).values(content=value)))
        forget_releases()

    app.testing = False
    put({"uid": "only"})
    answer = client.get(FEED, headers={"If-None-Match": tag})
    put(content)

    assert (answer.status_code, answer.mimetype, answer.headers["X-Request-ID"] in answer.text) == (500, "text/html", True)
    assert client.get(FEED).headers["ETag"] == tag


# A calendar too large to be kept for each person.


def plain_calendar(app: Flask, path: str, language: str, alarm: int | None) -> bytes:
    """The person's calendar put together in the plain way."""
    with app.app_context():
        person, congress = person_of(path), the_congress()
        shown = for_calendar(
            registrations.own_programme(person), with_unconfirmed=False, congress_ends_on=congress.ends_on, today=NOW.date()
        )
        page = "http://localhost/krakowice2018/programme/CODE"
        style = ical.Style(words=(words(language),), timezone="Europe/Warsaw", page=page, is_personal=True, alarm=alarm)
        head = ical.Head(
            key=f"krakowice2018/registration/{person.public_id}",
            name={"en": "#Krakowice2018: my programme", "pl": "#Krakowice2018: mój program"}[language],
            description=congress.long_names.text(language),
            timezone="Europe/Warsaw",
            url="http://localhost/krakowice2018/",
        )
        return ical.assemble(head, shown, [ical.render_entry(entry, style) for entry in shown])


@pytest.mark.parametrize("small", [0, secret_calendars._SMALL])
@pytest.mark.parametrize(("query", "language", "alarm"), [("", "en", None), ("?lang=pl&alarm=15", "pl", 15)])
def test_a_large_calendar_has_the_plain_bytes_and_a_tag_of_its_own_for_each(
    app: Flask,
    client: FlaskClient,
    address_of: AddressOf,
    monkeypatch: pytest.MonkeyPatch,
    small: int,
    query: str,
    language: str,
    alarm: int | None,
):
    monkeypatch.setattr(secret_calendars, "_SMALL", small)
    path, tags = address_of(), {}
    choices = (*CHOICES, "P053")  # the last comes twice
    states = [set(each) for number in range(5) for each in itertools.combinations(choices, number)]
    for state in [*states, *reversed(states)]:

        def act(state: set[str] = state) -> None:
            person = person_of(path)
            db.session.execute(delete(Booking).where(Booking.registration_id == person.id))
            for item in db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code.in_(state))).all():
                db.session.add(Booking(registration_id=person.id, item=item, booked_at=NOW))

        change(app, act)
        for coding, decoded in {"": bytes, **COMPRESSED}.items():
            answer = client.get(f"{path}{query}", headers={"Accept-Encoding": coding})
            body = decoded(answer.data)
            assert body == plain_calendar(app, path, language, alarm)
            assert tags.setdefault((body, coding), answer.headers["ETag"]) == answer.headers["ETag"]
            known = client.get(f"{path}{query}", headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["ETag"]})
            assert known.status_code == 304
    assert len(set(tags.values())) == len(tags) == 3 * len(states)


def test_a_large_calendar_outlives_what_it_is_put_together_from(
    app: Flask, client: FlaskClient, address_of: AddressOf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secret_calendars, "_SMALL", 0)
    path = address_of(chosen=CHOICES)
    first = client.get(path)
    secret_calendars._blocks.clear()
    assert (client.get(path).data, client.get(path).headers["ETag"]) == (first.data, first.headers["ETag"])


def test_a_large_calendar_follows_releases(
    app: Flask, client: FlaskClient, address_of: AddressOf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secret_calendars, "_SMALL", 0)
    path = address_of(chosen=("P037",))
    tags = {client.get(path).headers["ETag"]}
    for number, code in enumerate(("P022", "P037"), start=1):  # one that is given, one that was chosen
        change(app, lambda code=code: setattr(the_item(code), "titles", Localised(en=f"New name of {code}")))
        release(app, NOW + timedelta(minutes=number))
        answer = client.get(path)
        assert f"New name of {code}" in titles(answer)
        assert answer.data == plain_calendar(app, path, "en", None)
        tags.add(answer.headers["ETag"])
    assert len(tags) == 3
