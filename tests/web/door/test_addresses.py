"""Addresses as they come, and options in them."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from congress.core.localised import Localised
from tests.factories import the_congress, the_item, utc
from tests.web.door.said import (
    CHOICES,
    FEED,
    PUBLIC,
    SENTENCES,
    WRONG,
    AddressOf,
    change,
    headers_of,
    is_empty_calendar,
    said,
    titles,
)


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
