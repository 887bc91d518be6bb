"""What readers see, and how much it asks of the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from congress.congresses.models import Congress
from congress.congresses.queries import find_congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries, search
from congress.programme.models import Placement, ProgrammeItem, Release, ReleasedEntry
from congress.public import programme
from tests.conftest import forget_releases

PAGES = [
    "/",
    "/krakowice2018/",
    "/krakowice2018/programme/",
    "/krakowice2018/programme/P022",
    "/krakowice2018/programme/P003",
    "/krakowice2018/programme/P058",
    "/krakowice2018/events/",
    "/krakowice2018/cities/",
    "/krakowice2018/calendar/",
    "/krakowice2018/registration/",
    "/krakowice2018/registration/received",
    "/networks/",
    "/networks/uccn/",
    "/networks/icc/?on=2018-06-12",
    "/networks/koalicja-miast/",
    "/cities/krakow/",
    "/cities/lodz/",
    "/cities/catalonia/",
]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that runs inside."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages(client: FlaskClient, path: str, language: str):
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={language}")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1
    assert "Localised(" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/krakowice2018/programme/NONE",
        "/networks/none/",
        "/cities/none/",
        "/krakowice2018/nothing",
        "/krakowice2018/calendar/none.ics",
        "/krakowice2018/calendar/krakowice2018-none.ics",
        "/krakowice2018/calendar/krakowice2018-field-none.ics",
        "/%00/",
        "/krakowice2018/programme/%F0%9F%8E%B5",
        "/" + "x" * 5000 + "/",
    ],
)
def test_an_unknown_address_has_a_page(client: FlaskClient, path: str):
    answer = client.get(path, headers={"Accept-Language": "pl"})

    assert answer.status_code == 404
    assert '<html lang="pl">' in answer.text
    assert "X-Request-ID" in answer.headers


def test_an_occurrence_leads_to_its_event(client: FlaskClient):
    answer = client.get("/krakowice2018/programme/P057")

    assert (answer.status_code, answer.location) == (301, "/krakowice2018/programme/P053")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 52),
        ("?open=1", 12),
        ("?field=music", 7),
        ("?city=katowice", 19),
        ("?kind=plenary", 5),
        ("?day=2018-06-14", 8),
        ("?day=none", 1),
        ("?venue=nospr", 1),
        ("?q=milosz", 2),
        ("?q=MIŁOSZ", 2),
        ("?q=elektrokilar&open=1", 1),
        ("?q=zzz", 0),
        ("?day=nonsense", 0),
        ("?q=%00", 0),
        ("?q=" + "x" * 3000, 0),
    ],
)
def test_filters_find_what_they_say(client: FlaskClient, query: str, found: int):
    page = client.get("/krakowice2018/programme/" + query)

    assert page.status_code == 200
    assert f"<strong>{found} entr" in page.text


def test_seven_parallel_subgroups_are_one_block(client: FlaskClient):
    page = client.get("/krakowice2018/programme/?day=2018-06-13").text

    assert page.count("7 meetings at the same time") == 1


def test_what_has_no_time_is_said_to_be_open_and_never_at_midnight(client: FlaskClient):
    page = client.get("/krakowice2018/programme/").text

    assert ">00:00<" not in page
    assert "No time yet" in page


def test_the_language_is_kept_by_the_cookie_and_else_taken_from_the_browser(client: FlaskClient):
    assert '<html lang="pl">' in client.get("/", headers={"Accept-Language": "pl-PL,pl;q=0.9"}).text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fi"}).text
    client.get("/?lang=pl")
    assert '<html lang="pl">' in client.get("/", headers={"Accept-Language": "en"}).text


def test_a_page_sets_no_cookie_unless_a_language_is_chosen_or_a_form_is_shown(client: FlaskClient):
    assert [client.get(path).headers.getlist("Set-Cookie") for path in PAGES[:9]] == [[]] * 9


def test_the_draft_is_not_shown(app: Flask, client: FlaskClient):
    with app.app_context():
        item = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code == "P022")).one()
        item.titles = {"en": "Secret plan", "pl": "Tajny plan"}
        db.session.commit()

    assert "Secret plan" not in client.get("/krakowice2018/programme/P022").text


def test_unlisted_entries_are_on_no_public_page_and_in_no_public_feed(app: Flask, client: FlaskClient):
    with app.app_context():
        row = db.session.scalars(select(ReleasedEntry).where(ReleasedEntry.content["code"].as_string() == "P021")).one()
        row.content = {**row.content, "is_listed": False, "titles": {"en": "Hidden meeting"}}
        db.session.commit()
        forget_releases()

    paths = [*PAGES, "/krakowice2018/programme/?q=hidden", "/krakowice2018/calendar/krakowice2018-programme.ics"]
    assert [path for path in paths if "Hidden meeting" in client.get(path).text] == []
    assert client.get("/krakowice2018/programme/P021").status_code == 404
    assert client.get("/krakowice2018/calendar/krakowice2018-session-P021.ics").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/krakowice2018/", "/krakowice2018/programme/", "/krakowice2018/cities/", "/krakowice2018/events/", "/networks/uccn/", "/"],
)
def test_a_page_asks_the_database_a_few_times_whatever_it_shows(app: Flask, client: FlaskClient, path: str):
    forget_releases()
    with statements(app) as cold:
        client.get(path)
    with statements(app) as warm:
        client.get(path)

    assert max(len(cold), len(warm)) <= 14


def test_a_programme_of_many_entries_asks_no_more_often(app: Flask, client: FlaskClient):
    path = "/krakowice2018/programme/"
    client.get(path)
    with statements(app) as before:
        client.get(path)
    with app.app_context():
        rows = db.session.scalars(select(ReleasedEntry)).all()
        for row in rows[:40]:
            copy = {**row.content, "uid": f"{row.uid[:-4]}copy", "code": f"C{row.content['code']}"}
            db.session.add(
                ReleasedEntry(congress_id=row.congress_id, release_id=row.release_id, uid=copy["uid"], sequence=0, content=copy)
            )
        db.session.commit()
    forget_releases()
    client.get(path)
    with statements(app) as after:
        client.get(path)

    assert len(after) == len(before)


@pytest.mark.parametrize(
    "path", ["/krakowice2018/", "/krakowice2018/programme/", "/krakowice2018/calendar/", "/krakowice2018/events/"]
)
def test_a_congress_without_a_release_says_so(app: Flask, client: FlaskClient, path: str):
    with app.app_context():
        db.session.execute(sa.delete(ReleasedEntry))
        db.session.execute(sa.delete(Release))
        db.session.execute(sa.delete(Placement))
        db.session.commit()

    assert client.get(path).status_code == 200


def test_a_site_without_a_congress_says_so(new_app: Callable[[str], Flask]):
    app = new_app()
    with app.app_context():
        db.create_all()

    assert "There is no congress here yet" in app.test_client().get("/").text


def test_of_a_very_long_programme_one_day_is_shown_and_the_page_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programme, "_MOST", 20)

    page, chosen = client.get("/krakowice2018/programme/").text, client.get("/krakowice2018/programme/?day=2018-06-14").text

    assert re.findall(r'class="day-title" id="day-([^"]*)"', page) == ["2018-06-12"]
    assert "Showing one day; choose another above." in page
    assert re.findall(r'class="day-title" id="day-([^"]*)"', chosen) == ["2018-06-14"]
    assert "Showing one day" not in chosen


def test_a_congress_that_is_renamed_has_the_new_name_in_its_feeds_at_once(app: Flask, client: FlaskClient):
    feed = "/krakowice2018/calendar/krakowice2018-programme.ics"
    before = client.get(feed)
    with app.app_context():
        db.session.scalars(select(Congress)).one().names = Localised(en="Krakowice", pl="Krakowice")
        db.session.commit()

    after = client.get(feed, headers={"If-None-Match": before.headers["ETag"]})

    assert (after.status_code, "X-WR-CALNAME:Krakowice: whole programme" in after.text) == (200, True)


@pytest.mark.parametrize(
    "asked", [{}, {"open": "1"}, {"city": "katowice"}, {"day": "2018-06-13", "field": "music"}, {"q": "festiwal"}]
)
def test_each_count_is_what_choosing_that_value_finds(app: Flask, asked: dict[str, str]):
    with app.app_context():
        congress = find_congress("krakowice2018")
        entries = queries.released(congress).entries
        found = search.find(entries, search.Filter(**asked), congress.zone)

        for name in search.FACETS:
            alone = {
                value: len(search.chosen(entries, search.Filter(**{**asked, name: value}), congress.zone))
                for value in found.counts[name]
            }
            assert dict(found.counts[name]) == alone, name
