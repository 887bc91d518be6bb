"""``/<congress>/calendar/`` and ``/<congress>/calendar/<feed>/``: what the pages say of the calendars."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from congress.core.db import db
from congress.feeds.selection import feeds
from congress.programme import queries
from congress.programme.models import ReleasedEntry
from tests.conftest import forget_releases
from tests.factories import the_congress
from tests.public.test_pages import statements

INDEX = "/krakowice2018/calendar/"
FEEDS = "http://localhost/krakowice2018/calendar/krakowice2018-"


def rows(client: FlaskClient, path: str = INDEX) -> dict[str, str]:
    """What the list says of each feed, by its name."""
    found = re.findall(r'<li class="feed[^>]*>.*?</li>', client.get(path).text, re.DOTALL)
    return {re.search(r'href="[^"]*/calendar/([^"/]+)/"', each)[1]: words(each) for each in found}


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def buttons(client: FlaskClient, path: str) -> dict[str, str]:
    """The address that a page shows, and where its buttons lead."""
    text = client.get(path).text
    shown = html.unescape(re.search(r'<code class="feed-address">(.*?)</code>', text)[1])
    links = [html.unescape(each) for each in re.findall(r'<a class="btn[^"]*" href="([^"]*)"', text)]
    copied = html.unescape(re.search(r'data-copy="([^"]*)"', text)[1])
    return {"shown": shown, "copied": copied, **{urlsplit(each).netloc: each for each in links}}


def facts(client: FlaskClient, path: str) -> dict[str, str]:
    return {words(name): words(value) for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", client.get(path).text)}


def preview(client: FlaskClient, path: str) -> list[str]:
    return [words(each) for each in re.findall(r'<h3 class="entry-title">.*?</h3>', client.get(path).text, re.DOTALL)]


def entries_in(client: FlaskClient, address: str) -> int:
    parts = urlsplit(address)
    return len(Calendar.from_ical(client.get(f"{parts.path}?{parts.query}").data).walk("VEVENT"))


def change(app: Flask, code: str, **content: object) -> None:
    """The released entry says something else."""
    with app.app_context():
        row = db.session.scalars(select(ReleasedEntry).where(ReleasedEntry.content["code"].as_string() == code)).one()
        row.content = {**row.content, **content}
        db.session.commit()
    forget_releases()


def test_the_list_has_every_feed_that_holds_something(app: Flask, client: FlaskClient):
    with app.app_context():
        names = {feed.name for feed in feeds(queries.released(the_congress()).entries)}

    assert set(rows(client)) == names - {"programme"}
    assert {"kind-workshop", "speaker-zuzanna-skalska", "field-media_arts", "venue-nospr", "city-katowice"} < names


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        (INDEX, "field-music", "Music 7 entries · 11–16 June 2018"),
        (INDEX, "venue-nospr", "NOSPR 1 entry · 14 June 2018 · Katowice"),
        (INDEX, "kind-workshop", "Workshop 6 entries · 13–14 June 2018"),
        (INDEX, "kind-debate", "Debate 0 entries · times to be confirmed"),
        (INDEX, "speaker-zuzanna-skalska", "Zuzanna Skalska 1 entry · 16 June 2018"),
        (INDEX, "plenary", "Plenary sessions Plenary sessions, ceremonies and the mayors’ session. 8 entries · 12–15 June 2018"),
    ],
)
def test_a_row_says_what_the_feed_is_how_many_entries_it_has_and_when(client: FlaskClient, path: str, name: str, said: str):
    assert rows(client, path)[name] == said


def test_each_count_of_the_list_is_the_number_of_entries_in_the_calendar(client: FlaskClient):
    counted = {name: int(re.search(r"(\d+) entr", said)[1]) for name, said in rows(client).items()}
    assert counted == {name: entries_in(client, f"{FEEDS}{name}.ics") for name in counted}


def test_names_stand_in_the_order_of_the_readers_alphabet(client: FlaskClient):
    speakers = [name for name in rows(client) if name.startswith("speaker-")]
    assert speakers == sorted(speakers)
    assert len(speakers) == 21


def test_each_feed_of_the_list_has_a_page_that_says_the_same_number(client: FlaskClient):
    for name, said in rows(client).items():
        assert facts(client, f"{INDEX}{name}/")["Entries"] == re.search(r"(\d+) entr", said)[1], name


@pytest.mark.parametrize(
    "name", ["none", "field", "field-none", "kind-none", "speaker-", "speaker-nobody", "Programme", "%00", "x" * 3000]
)
def test_of_what_there_is_no_feed_there_is_no_page(client: FlaskClient, name: str):
    assert client.get(f"{INDEX}{name}/").status_code == 404


def test_a_single_session_has_its_own_page_instead(client: FlaskClient):
    answer = client.get(f"{INDEX}session-P022/")
    assert (answer.status_code, answer.location) == (301, "/krakowice2018/programme/P022")


def test_the_page_of_public_events_leads_to_their_calendar(client: FlaskClient):
    page = client.get("/krakowice2018/events/").text
    (address,) = re.findall(r'href="([^"]*)"[^>]*>Subscribe to these events', page)
    assert address == "/krakowice2018/calendar/events/"
    assert client.get(address).status_code == 200


def test_the_buttons_lead_where_each_program_subscribes(client: FlaskClient):
    found = buttons(client, f"{INDEX}field-music/")
    address = FEEDS + "field-music.ics"

    assert found == {
        "shown": address,
        "copied": address,
        "localhost": address.replace("http:", "webcal:"),
        "calendar.google.com": "https://calendar.google.com/calendar/r?cid="
        "webcal%3A%2F%2Flocalhost%2Fkrakowice2018%2Fcalendar%2Fkrakowice2018-field-music.ics",
        "outlook.live.com": "https://outlook.live.com/calendar/0/addfromweb?url="
        "http%3A%2F%2Flocalhost%2Fkrakowice2018%2Fcalendar%2Fkrakowice2018-field-music.ics&name=%23Krakowice2018%3A%20Music",
        "outlook.office.com": "https://outlook.office.com/calendar/0/addfromweb?url="
        "http%3A%2F%2Flocalhost%2Fkrakowice2018%2Fcalendar%2Fkrakowice2018-field-music.ics&name=%23Krakowice2018%3A%20Music",
    }


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ("", ""),
        ("?lang=pl", "?lang=pl"),
        ("?lang=pl&language=en", ""),
        ("?language=both", "?lang=en,pl"),
        ("?lang=pl&language=both", "?lang=pl,en"),
        ("?alarm=15&free=1&tbc=1", "?alarm=15&free=1&tbc=1"),
        ("?language=pl&alarm=1440&free=0", "?lang=pl&alarm=1440&free=0"),
        ("?language=xx&alarm=7&free=2&tbc=no&deadlines=1&other=1", ""),
    ],
)
def test_the_address_has_what_the_reader_chose_and_opens(client: FlaskClient, asked: str, options: str):
    found = buttons(client, f"{INDEX}events/{asked}")

    assert found["shown"] == f"{FEEDS}events.ics{options}"
    assert found["localhost"] == found["shown"].replace("http:", "webcal:")
    assert parse_qs(urlsplit(found["calendar.google.com"]).query)["cid"] == [found["localhost"]]
    assert parse_qs(urlsplit(found["outlook.live.com"]).query)["url"] == [found["shown"]]
    assert str(entries_in(client, found["shown"])) == next(iter(facts(client, f"{INDEX}events/{asked}").values()))


def test_the_form_shows_what_was_chosen(client: FlaskClient):
    text = client.get(f"{INDEX}programme/?language=both&alarm=60&free=0&tbc=1").text
    assert re.findall(r'<option value="(\w*)" selected>', text) == ["both", "60", "0"]
    assert re.findall(r'name="(\w+)" value="1" checked', text) == ["tbc"]


def test_the_longest_address_is_short_enough_for_google(client: FlaskClient):
    options = "?language=both&alarm=1440&free=0&tbc=1"
    longest = max((buttons(client, f"{INDEX}{name}/{options}")["shown"] for name in rows(client)), key=len)
    assert len(unquote(longest).replace("localhost", "h" * 80)) <= 256


def test_the_preview_shows_the_first_five_and_during_the_congress_the_next(client: FlaskClient):
    first = preview(client, f"{INDEX}kind-workshop/")
    with time_machine.travel(datetime(2018, 6, 14, 13, 0, tzinfo=UTC), tick=False):
        page = client.get(f"{INDEX}kind-workshop/").text
        later = preview(client, f"{INDEX}kind-workshop/")

    assert (len(first), first[0]) == (5, "Thematic workshop 1: reliable data collection")
    assert "Next entries" in page
    assert later == ["Music workshops by artists of Katowice City of Gardens"]


def test_the_preview_marks_what_was_cancelled(app: Flask, client: FlaskClient):
    change(app, "P048", status="cancelled")

    with time_machine.travel(datetime(2018, 6, 1, 7, 0, tzinfo=UTC), tick=False):
        text = client.get(f"{INDEX}venue-nospr/").text

    assert re.search(r'<li class="entry is-cancelled">.*?</li>', text, re.DOTALL)[0].count("Cancelled") == 1


def test_an_unlisted_entry_leaves_no_trace_in_the_list(app: Flask, client: FlaskClient):
    change(app, "P054", is_listed=False)

    assert "speaker-zuzanna-skalska" not in rows(client)
    assert client.get(f"{INDEX}speaker-zuzanna-skalska/").status_code == 404


def test_what_is_to_be_confirmed_is_counted_apart_and_shown_when_asked_for(client: FlaskClient):
    assert facts(client, f"{INDEX}kind-debate/") == {"Entries": "0", "Days": "to be confirmed", "Time to be confirmed": "2"}
    assert preview(client, f"{INDEX}kind-debate/") == []
    assert facts(client, f"{INDEX}kind-debate/?tbc=1") == {
        "Entries": "2",
        "Days": "27 February – 6 March 2018",
        "Time to be confirmed": "2",
    }
    assert preview(client, f"{INDEX}kind-debate/?tbc=1") == [
        "#Krakowice2018: The role of culture in the UN Agenda 2030 (open debate)",
        "First open debate in Kraków on the 2030 Agenda",
    ]


@pytest.mark.parametrize(
    ("path", "title", "feed"),
    [
        (INDEX, "#Krakowice2018: whole programme", "programme"),
        (f"{INDEX}field-music/", "#Krakowice2018: Music", "field-music"),
        ("/krakowice2018/", "#Krakowice2018", "programme"),
        ("/krakowice2018/programme/", "#Krakowice2018", "programme"),
        ("/krakowice2018/events/", "Open to the public", "events"),
        ("/krakowice2018/programme/P048", "ElectroKilar Concert (ElektroKilar)", "session-P048"),
    ],
)
def test_programs_find_the_calendar_in_the_head_of_a_page(client: FlaskClient, path: str, title: str, feed: str):
    found = re.findall(r'<link rel="alternate" type="text/calendar" title="([^"]*)" href="([^"]*)"', client.get(path).text)
    assert [(html.unescape(name), urlsplit(address).path) for name, address in found] == [
        (title, f"{urlsplit(FEEDS).path}{feed}.ics")
    ]


def test_the_qr_code_is_a_picture_with_a_name(client: FlaskClient):
    text = client.get(f"{INDEX}events/").text
    assert re.search(r'<span class="qr" role="img" aria-label="QR code with the address of the calendar"><svg', text)


@pytest.mark.parametrize("path", [INDEX, f"{INDEX}field-music/"])
def test_the_number_of_feeds_does_not_matter_to_the_database(app: Flask, client: FlaskClient, path: str):
    client.get(path)
    with statements(app) as before:
        client.get(path)
    with app.app_context():
        for number, row in enumerate(db.session.scalars(select(ReleasedEntry)).all()):
            copy = {**row.content, "uid": f"{row.uid[:-4]}copy", "people": [["speaker", f"Person {number}"]]}
            copy["place"] = {"city": "krakow", "venue": f"venue-{number}", "venue_names": {"en": f"Venue {number}"}}
            db.session.add(
                ReleasedEntry(congress_id=row.congress_id, release_id=row.release_id, uid=copy["uid"], sequence=0, content=copy)
            )
        db.session.commit()
    forget_releases()
    client.get(path)
    with statements(app) as after:
        client.get(path)

    assert len(rows(client)) > 140
    assert (len(after), len(before) <= 4) == (len(before), True)
