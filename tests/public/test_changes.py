"""``changes.atom``: what each release changed, in the reader's language."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from congress.core.db import db
from congress.core.localised import Localised
from congress.feeds.atom import NAMESPACE
from congress.programme import queries, services
from congress.programme.models import Placement, Release, ReleasedEntry
from congress.programme.vocabulary import Timing
from congress.public import changes
from tests.conftest import forget_releases
from tests.factories import NOW, make_session, the_congress, the_item, the_placement, utc
from tests.public.test_pages import statements

FEED = "/krakowice2018/changes.atom"
OF_ATOM = {"a": NAMESPACE}


def release(note: str = "", hours: int = 0) -> str:
    """Release what the draft holds; gives the uid of the release."""
    made, _changes = services.release_programme(
        the_congress(), note=Localised(en=note, pl=note and "Po polsku"), by="x", now=NOW + timedelta(hours=hours)
    )
    db.session.commit()
    return made.uid


def told(client: FlaskClient, language: str = "en") -> list[dict[str, str]]:
    """The entries of the feed."""
    root = ElementTree.fromstring(client.get(f"{FEED}?lang={language}").data)  # noqa: S314 (our own bytes)
    return [{child.tag.partition("}")[2]: child.text or "" for child in entry} for entry in root.findall("a:entry", OF_ATOM)]


def plain(content: str) -> str:
    """The HTML of an entry as one line of text."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content)).split())


def move(code: str, **changed: object) -> Placement:
    placement = the_placement(code)
    for name, value in changed.items():
        setattr(placement, name, value)
    return placement


def test_an_entry_leads_to_the_page_of_its_release(app: Flask, client: FlaskClient):
    with app.app_context():
        move("P022", is_cancelled=True)
        release("The hall was taken.")

    root = ElementTree.fromstring(client.get(f"{FEED}?lang=pl").data)  # noqa: S314 (our own bytes)
    pages = [link.attrib["href"] for link in root.findall("a:entry/a:link", OF_ATOM)]

    assert pages == [f"http://localhost/krakowice2018/changes/{number}/?lang=pl" for number in (2, 1)]
    assert "Po polsku" in client.get(pages[0]).text


def test_the_first_release_is_one_entry_that_lists_nothing(client: FlaskClient):
    (first,) = told(client)

    assert (first["title"], plain(first["content"])) == (
        "Release 1: 52 new",
        "The first release of the programme, with 52 entries.",
    )


def test_each_release_is_an_entry_with_its_own_identity_the_newest_first(app: Flask, client: FlaskClient):
    with app.app_context():
        move("P022", starts_at=utc(2018, 6, 12, 8), ends_at=utc(2018, 6, 12, 9))
        second = release("The hall was taken", hours=1)
        move("P024", is_cancelled=True)
        move("P026", starts_at=utc(2018, 6, 12, 13), ends_at=utc(2018, 6, 12, 14))
        move("P027", starts_at=utc(2018, 6, 12, 16), ends_at=utc(2018, 6, 12, 17))
        third = release(hours=2)

    newest, middle, _first = told(client)

    assert (newest["id"], newest["title"], newest["updated"]) == (
        f"urn:uuid:{third}", "Release 3: 1 cancelled, 2 moved", "2018-05-10T11:00:00Z",
    )  # fmt: skip
    assert (middle["id"], middle["title"], middle["summary"]) == (
        f"urn:uuid:{second}", "Release 2: 1 moved", "The hall was taken",
    )  # fmt: skip
    assert "summary" not in newest


def test_a_change_is_told_as_it_was_and_as_it_is(app: Flask, client: FlaskClient):
    with app.app_context():
        placement = move("P022", starts_at=utc(2018, 6, 12, 7, 30), ends_at=utc(2018, 6, 12, 9))
        placement.item.titles = Localised(en="Opening", pl="Otwarcie")
        placement.venue = the_placement("P048").venue
        placement.city = the_placement("P048").city
        release("x")

    english, polish = told(client)[0], told(client, "pl")[0]

    assert plain(english["content"]) == (
        "Opening (moved, renamed) "
        "Time: Tuesday 12 June 2018, 09:00–10:30 → Tuesday 12 June 2018, 09:30–11:00 "
        "Place: ICE Kraków Congress Centre, Kraków → NOSPR, Katowice "
        "Title: Opening ceremony with welcome concert → Opening"
    )
    assert 'href="http://localhost/krakowice2018/programme/P022"' in english["content"]
    assert "wtorek, 12 czerwca 2018 r., 09:00–10:30 → wtorek, 12 czerwca 2018 r., 09:30–11:00" in plain(
        polish["content"]
    ).replace("\u00a0", " ")
    assert "→ Narodowa Orkiestra Symfoniczna Polskiego Radia, Katowice" in plain(polish["content"])
    assert (polish["summary"], polish["id"]) == ("Po polsku", english["id"])


def test_a_cancelled_session_is_told_with_its_time_and_the_release_in_the_readers_language(app: Flask, client: FlaskClient):
    with app.app_context():
        the_placement("P024").is_cancelled = True
        title = the_item("P024").titles["pl"]
        release()

    newest = told(client, "pl")[0]

    assert (newest["title"], plain(newest["content"]).replace("\u00a0", " ")) == (
        "Wersja 2: 1 odwołana",
        f"{title} (odwołane) wtorek, 12 czerwca 2018 r., 11:00–12:30",
    )


def test_what_is_hidden_counts_as_withdrawn_and_its_new_words_are_not_told(app: Flask, client: FlaskClient):
    with app.app_context():
        hidden = the_item("P024")
        hidden.is_listed, hidden.titles = False, Localised(en="Secret talks")
        release()

    newest = told(client)[0]

    assert newest["title"] == "Release 2: 1 cancelled"
    assert "Secret talks" not in client.get(FEED).text


def test_a_release_that_changed_nothing_for_the_public_is_not_told(app: Flask, client: FlaskClient):
    with app.app_context():
        the_item("P022").join_url = "https://rooms.example/secret"
        release("About the online room")

    assert [entry["title"] for entry in told(client)] == ["Release 1: 52 new"]
    assert "online room" not in client.get(FEED).text


def test_a_new_session_is_told_with_its_time_and_place(app: Flask, client: FlaskClient):
    with app.app_context():
        db.session.add(make_session(titles=Localised(en="Clay & glass <hands on>")))
        release()

    assert plain(told(client)[0]["content"]) == (
        "Clay & glass <hands on> (new) Wednesday 13 June 2018, 14:00–15:00, place to be confirmed"
    )


def test_a_session_whose_time_becomes_known_is_moved(app: Flask, client: FlaskClient):
    with app.app_context():
        move("P058", timing=Timing.TIMED, starts_at=utc(2018, 6, 13, 12), ends_at=utc(2018, 6, 13, 13))
        release()

    assert "Time: date to be confirmed → Wednesday 13 June 2018, 14:00–15:00" in plain(told(client)[0]["content"])


def test_a_long_list_says_how_much_more_there_is(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes, "_CHANGES", 2)
    with app.app_context():
        for code in ("P022", "P024", "P026", "P027", "P037"):
            move(code, is_cancelled=True)
        release()

    newest = told(client)[0]

    assert (newest["title"], newest["content"].count("<li>")) == ("Release 2: 5 cancelled", 2)
    assert plain(newest["content"]).endswith("and 3 more changes")


def test_only_the_last_fifty_releases_are_told(app: Flask, client: FlaskClient):
    with app.app_context():
        for number in range(50):
            move("P022", starts_at=utc(2018, 6, 12, 7, number), ends_at=utc(2018, 6, 12, 9))
            if number:
                release(hours=number)

    titles = [entry["title"] for entry in told(client)]

    assert (len(titles), titles[0], titles[-1]) == (50, "Release 50: 1 moved", "Release 1: 52 new")


def test_three_releases_ask_the_database_as_often_as_one(app: Flask, client: FlaskClient):
    with statements(app) as few:
        client.get(FEED)
    with app.app_context():
        for hour in (1, 2):
            move("P022", starts_at=utc(2018, 6, 12, 7, hour), ends_at=utc(2018, 6, 12, 9))
            release(hours=hour)
        queries.released(the_congress())
    with statements(app) as more:
        client.get(FEED)
    with statements(app) as again:
        client.get(FEED)

    assert len(more) <= len(few)
    assert len(again) < len(more)


def test_a_congress_without_a_release_has_an_empty_feed(app: Flask, client: FlaskClient):
    with app.app_context():
        db.session.execute(delete(ReleasedEntry))
        db.session.execute(delete(Release))
        db.session.commit()
        forget_releases()

    root = ElementTree.fromstring(client.get(FEED).data)  # noqa: S314 (our own bytes)

    needed = [root.findtext(f"a:{name}", "", OF_ATOM) for name in ("id", "title", "updated", "author/a:name")]
    assert (root.findall("a:entry", OF_ATOM), "" in needed) == ([], False)
