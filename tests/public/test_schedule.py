"""``schedule.json``, ``schedule.xml``, and what pages say to search engines, over the congress of 2018."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.congresses.queries import find_congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.services import release_programme
from congress.public.structured import data_block
from tests.factories import NOW, the_congress, the_item, the_placement, utc
from tests.feeds.schedules import all_events, as_in_xml, faults, read_xml
from tests.public.test_pages import statements

JSON, XML = "/krakowice2018/schedule.json", "/krakowice2018/schedule.xml"


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_programme_of_2018_keeps_the_rules_in_both_forms_and_languages(client: FlaskClient, language: str):
    document = client.get(f"{JSON}?lang={language}").get_json()

    assert faults(document) == []
    assert read_xml(client.get(f"{XML}?lang={language}").data) == as_in_xml(document)
    assert len(all_events(document)) == 47


def test_the_schedule_says_what_the_programme_says(app: Flask, client: FlaskClient):
    shown = {event["guid"]: event for event in all_events(client.get(f"{JSON}?lang=pl").get_json())}
    with app.app_context():
        timed = [entry for entry in queries.released(the_congress()).entries if entry.starts_at]

    assert {guid: (event["title"], event["url"]) for guid, event in shown.items()} == {
        entry.uid: (entry.titles["pl"], f"http://localhost/krakowice2018/programme/{entry.item}") for entry in timed
    }
    assert {event["room"] for event in shown.values()} == {
        "Centrum Kongresowe ICE Kraków, Kraków",
        "Międzynarodowe Centrum Kongresowe, Katowice",
        "Katowice Miasto Ogrodów – Instytucja Kultury im. Krystyny Bochenek, Katowice",
        "Kraków",
        "Kraków – Katowice",
        "Narodowa Orkiestra Symfoniczna Polskiego Radia, Katowice",
    }


def test_the_own_language_of_the_congress_is_given_whatever_the_browser_likes(client: FlaskClient):
    plain = client.get(JSON, headers={"Accept-Language": "pl", "Cookie": "language=pl"})

    assert plain.data == client.get(f"{JSON}?lang=en").data


@pytest.mark.parametrize("path", [JSON, XML, "/krakowice2018/changes.atom"])
@pytest.mark.parametrize("query", ["lang=de", "lang=en,pl", "lang=", "lang=en&lang=pl", "alarm=15", "x=1"])
def test_a_wrong_option_is_refused_with_a_sentence(client: FlaskClient, path: str, query: str):
    answer = client.get(f"{path}?{query}")

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "This address takes no options but ?lang=en, ?lang=pl." in answer.text


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (JSON, "application/json"),
        (XML, "application/xml; charset=utf-8"),
        ("/krakowice2018/changes.atom", "application/atom+xml; charset=utf-8"),
    ],
)
def test_programs_are_told_what_they_need_to_ask_again_cheaply(client: FlaskClient, path: str, content_type: str):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    since = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    head = client.head(path)

    assert (first.status_code, first.headers["Content-Type"]) == (200, content_type)
    assert (first.headers["Cache-Control"], first.headers["Access-Control-Allow-Origin"]) == ("public, max-age=300", "*")
    assert (again.status_code, again.data, since.status_code) == (304, b"", 304)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert [answer.headers.getlist("Set-Cookie") for answer in (first, again, head)] == [[], [], []]


@pytest.mark.parametrize("path", [JSON, XML, "/krakowice2018/changes.atom"])
def test_another_method_and_another_congress_get_a_proper_answer(client: FlaskClient, path: str):
    refused = client.delete(path)

    assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})
    assert client.get(path.replace("krakowice2018", "nowhere")).status_code == 404


def test_a_release_shows_at_once_and_what_it_cancels_is_gone(app: Flask, client: FlaskClient):
    before = client.get(JSON)
    with app.app_context():
        the_placement("P022").is_cancelled = True
        the_item("P024").titles = Localised(en="Another title")
        release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()

    after = client.get(JSON, headers={"If-None-Match": before.headers["ETag"]})

    old, new = ({event["url"][-4:]: event for event in all_events(answer.get_json())} for answer in (before, after))
    assert (after.get_json()["schedule"]["version"], set(old) - set(new)) == ("2", {"P022"})
    assert [code for code in new if new[code] != old[code]] == ["P024"]
    assert {code: event["id"] for code, event in new.items()} == {code: old[code]["id"] for code in new}


def test_a_congress_that_is_renamed_has_its_new_name_at_once(app: Flask, client: FlaskClient):
    paths = [JSON, XML, "/krakowice2018/changes.atom"]
    before = {path: client.get(path).headers["ETag"] for path in paths}
    with app.app_context():
        congress = find_congress("krakowice2018")
        assert congress is not None
        congress.names = Localised(en="Two Cities")
        db.session.commit()

    after = {path: client.get(path, headers={"If-None-Match": before[path]}) for path in paths}

    assert {path: (answer.status_code, "Two Cities" in answer.text) for path, answer in after.items()} == dict.fromkeys(
        paths, (200, True)
    )


def test_nobody_can_see_the_online_room_or_what_is_not_listed_in_any_of_them(app: Flask, client: FlaskClient):
    pages = ["/krakowice2018/", "/krakowice2018/events/", "/krakowice2018/programme/P022", "/krakowice2018/programme/P024"]
    with app.app_context():
        the_item("P022").join_url = "https://rooms.example/secret-room"
        hidden = the_item("P024")
        hidden.is_listed, hidden.titles = False, Localised(en="Secret talks")
        release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()

    answers = [client.get(path).text for path in (*pages, JSON, XML, "/krakowice2018/changes.atom")]

    assert [text for text in answers if "secret-room" in text or "Secret talks" in text] == []


def test_what_is_asked_again_costs_a_few_statements(app: Flask, client: FlaskClient):
    client.get(JSON)
    with statements(app) as seen:
        client.get(JSON)

    assert len(seen) <= 4


def data_of(page: str) -> list[object]:
    return [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/krakowice2018/", ["XII Annual Meeting of the UNESCO Creative Cities Network"]),
        ("/krakowice2018/programme/P022", ["Opening ceremony with welcome concert"]),
        ("/krakowice2018/programme/P053", ["Gardens of Sounds World Music Festival"] * 2),
        ("/krakowice2018/programme/", []),
        ("/krakowice2018/programme/P058", []),
    ],
)
def test_pages_tell_search_engines_what_they_are_about(client: FlaskClient, path: str, names: list[str]):
    found = data_of(client.get(path).text)

    events = [event for block in found for event in (block if isinstance(block, list) else [block])]
    assert [event["name"] for event in events] == names
    assert {event["@type"] for event in events} <= {"Event"}


def test_a_moved_session_says_from_when_at_once(app: Flask, client: FlaskClient):
    client.get("/krakowice2018/programme/P022")
    with app.app_context():
        placement = the_placement("P022")
        placement.starts_at, placement.ends_at = utc(2018, 6, 12, 8), utc(2018, 6, 12, 9)
        release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()

    ((event,),) = data_of(client.get("/krakowice2018/programme/P022").text)  # type: ignore[misc]

    assert (event["startDate"], event["previousStartDate"], event["eventStatus"]) == (
        "2018-06-12T10:00:00+02:00",
        ["2018-06-12T09:00:00+02:00"],
        "https://schema.org/EventRescheduled",
    )


def test_every_dated_public_event_is_in_the_data_of_its_page(app: Flask, client: FlaskClient):
    with app.app_context():
        entries = queries.released(the_congress()).entries
        expected = {entry.uid for entry in entries if entry.is_public and (entry.starts_at or entry.starts_on)}

    (events,) = data_of(client.get("/krakowice2018/events/").text)

    assert {event["@id"].partition("#")[2] for event in events} == expected  # type: ignore[attr-defined]


def test_data_in_a_page_can_neither_end_its_element_nor_open_another():
    hostile = {"name": "</script><script>alert(1)</script><!-- & \u2028\u2029"}

    block = data_block(hostile)

    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert set(inside) & set("<>&\u2028\u2029") == set()
    assert json.loads(inside) == hostile


def test_a_hostile_title_stays_a_title(app: Flask, client: FlaskClient):
    title = "</script><img src=x onerror=alert(1)>"
    with app.app_context():
        the_item("P022").titles = Localised(en=title)
        release_programme(the_congress(), note=Localised(), by="x", now=NOW)
        db.session.commit()

    page = client.get("/krakowice2018/programme/P022").text

    assert title not in page
    assert [event["name"] for event in data_of(page)[0]] == [title]  # type: ignore[attr-defined]
