"""The public programme for reading: by day and time, now and next, what changed since, and what a device may keep of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries, services
from congress.programme.search import Filter
from congress.public import offline
from tests.factories import NOW, make_session, the_congress, the_placement, utc
from tests.public.test_pages import statements

PROGRAMME = "/krakowice2018/programme/"
SUBGROUPS = datetime(2018, 6, 13, 8, 15, tzinfo=UTC)


def release(hours: int = 0, *, is_provisional: bool | None = None) -> int:
    """Release what the draft holds; gives the number."""
    congress, at = the_congress(), NOW + timedelta(hours=hours)
    made, _changes = services.release_programme(congress, note=Localised(), by="x", now=at, is_provisional=is_provisional)
    db.session.commit()
    return made.number


def since(client: FlaskClient, number: object, language: str = "en") -> dict[str, Any]:
    answer = client.get(f"/krakowice2018/changes.json?since={number}&lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return json.loads(answer.data)  # type: ignore[no-any-return]


def days_shown(page: str) -> list[str]:
    return re.findall(r'<h2 class="day-title" id="day-([^"]+)"', page)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_whole_programme_weighs_less_than_a_hundred_kilobytes(client: FlaskClient, language: str):
    assert len(client.get(f"{PROGRAMME}?lang={language}").data) < 100_000


def test_seven_fields_are_seven_chips_and_unfold(client: FlaskClient):
    page = client.get(f"{PROGRAMME}?day=2018-06-13").text

    chips = re.search(r'<ul class="band-fields".*?</ul>', page, re.DOTALL)
    assert chips is not None
    assert re.findall(r'class="chip field-(\w+)" href="/krakowice2018/programme/(P\d+)"', chips[0]) == [
        ("crafts_and_folk_art", "P034"), ("design", "P033"), ("film", "P031"), ("gastronomy", "P035"),
        ("literature", "P029"), ("media_arts", "P032"), ("music", "P030"),
    ]  # fmt: skip
    assert len(re.findall(r'<li class="track field-', page)) == 7


def test_workshops_at_one_time_are_one_band_that_says_once_what_they_share(client: FlaskClient):
    page = client.get(f"{PROGRAMME}?day=2018-06-14").text

    band = page[page.index("3 entries at the same time") :]
    band = band[: band.index("</ul>")]
    assert len(re.findall(r'<li class="track">', band)) == 3
    assert (band.count("International Congress Centre"), band.count("Delegates only"), band.count("Provisional")) == (1, 1, 1)


@pytest.mark.parametrize(
    ("at", "query", "days"),
    [
        (SUBGROUPS, "", ["2018-06-13"]),
        (SUBGROUPS, "?day=2018-06-12", ["2018-06-12"]),
        (SUBGROUPS, "?field=film", ["2018-06-11", "2018-06-13"]),  # who filters wants to see all that is found
        (
            datetime(2018, 6, 16, 10, tzinfo=UTC),
            "?city=katowice&open=1",
            ["2018-02-27", "2018-06-14", "2018-06-15", "2018-06-16", "none"],
        ),
    ],
)
def test_while_the_congress_goes_on_the_programme_begins_with_today(
    client: FlaskClient, at: datetime, query: str, days: list[str]
):
    with time_machine.travel(at):
        page = client.get(PROGRAMME + query).text

    assert days_shown(page) == days


def test_all_days_stay_within_reach_while_the_congress_goes_on(client: FlaskClient):
    with time_machine.travel(SUBGROUPS):
        assert 'href="/krakowice2018/programme/?day=all"' in client.get(PROGRAMME).text
        page = client.get(f"{PROGRAMME}?day=all").text

    assert (len(days_shown(page)), days_shown(page)[0], days_shown(page)[-1]) == (13, "2018-02-27", "none")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2018, 6, 10, 12, tzinfo=UTC), ["2 days to go: 12–15 June 2018", "Next Monday 11 June"]),
        (SUBGROUPS, ["Now 10:15", "until 12:30", "Subgroups of the creative fields", "Next", "12:30", "Lunch"]),
        (datetime(2018, 6, 13, 22, 30, tzinfo=UTC), ["Nothing is going on at this moment.", "08:00", "Coach transfer"]),
        (datetime(2018, 7, 1, 12, tzinfo=UTC), ["This congress is over; its programme stays here."]),
    ],
)
def test_now_and_next_is_of_the_moment_in_the_zone_of_the_congress(client: FlaskClient, at: datetime, said: list[str]):
    with time_machine.travel(at):
        part, page = client.get("/krakowice2018/now/part?lang=en"), client.get("/krakowice2018/now/?lang=en")

    assert (part.status_code, part.headers["Cache-Control"]) == (200, "no-store")
    for answer in (part, page):
        text = " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
        assert [each for each in said if each not in text] == []


def test_what_changed_since_a_release_is_told_once_and_together(app: Flask, client: FlaskClient):
    with app.app_context():
        opening, plenary = the_placement("P022"), the_placement("P024")
        opening.starts_at, opening.ends_at = utc(2018, 6, 12, 8), utc(2018, 6, 12, 9)
        plenary.is_cancelled = True
        assert release(1) == 2
        the_placement("P022").starts_at = utc(2018, 6, 12, 8, 30)
        the_placement("P024").is_cancelled = False
        assert release(2) == 3

    assert since(client, 1) == {
        "since": 1,
        "release": 3,
        "all": 1,  # what was cancelled and restored is as the reader saw it
        "changes": [
            {
                "code": "P022",
                "kinds": ["moved"],
                "title": "Opening ceremony with welcome concert",
                "url": "/krakowice2018/programme/P022",
                "when": "Tuesday 12 June 2018, 10:30–11:00",
                "where": "ICE Kraków Congress Centre, Kraków",
                "was": {"when": "Tuesday 12 June 2018, 09:00–10:30"},
            }
        ],
    }
    assert [(each["code"], each["kinds"]) for each in since(client, 2)["changes"]] == [
        ("P022", ["moved"]),
        ("P024", ["restored"]),
    ]
    assert since(client, 2, "pl")["changes"][0]["when"] == "wtorek, 12 czerwca 2018\u00a0r., 10:30–11:00"


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "1", "2", "99999999", "9" * 400, "٣", "1.5"])
def test_who_has_seen_everything_or_nothing_is_told_nothing(client: FlaskClient, number: str):
    assert since(client, number)["changes"] == []


def test_what_nobody_may_see_is_not_told(app: Flask, client: FlaskClient):
    with app.app_context():
        the_placement("P022").item.is_listed = False
        db.session.add(make_session(titles=Localised(en="Behind closed doors"), is_listed=False))
        release(1)

    told = since(client, 1)
    assert [(each["code"], each["kinds"]) for each in told["changes"]] == [("P022", ["cancelled"])]
    assert "Behind closed doors" not in json.dumps(told)


def test_changes_are_kept_by_their_release(app: Flask, client: FlaskClient):
    first = client.get("/krakowice2018/changes.json?since=1&lang=en")
    again = client.get("/krakowice2018/changes.json?since=1&lang=en", headers={"If-None-Match": first.headers["ETag"]})
    with app.app_context():
        the_placement("P022").is_cancelled = True
        release(1)
    after = client.get("/krakowice2018/changes.json?since=1&lang=en", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)


def kept(client: FlaskClient, language: str = "en") -> dict[str, Any]:
    """What the script says that a device keeps."""
    answer = client.get(f"/krakowice2018/service-worker.js?lang={language}")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/javascript", "no-cache")
    assert "Set-Cookie" not in answer.headers
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    first = answer.text.partition("\n")[0]
    return json.loads(first.removeprefix("const KEPT = ").removesuffix(";"))  # type: ignore[no-any-return]


def test_everything_that_a_device_keeps_is_there_and_is_for_everybody(client: FlaskClient):
    found = kept(client)

    addresses = [*found["pages"], *found["items"], *found["assets"]]
    headers = {"X-Offline-Copy": "1"}
    codes = {}
    for address in addresses:
        with client.get(address, headers=headers) as answer:
            codes[address] = answer.status_code
    assert {address: code for address, code in codes.items() if code != 200} == {}
    assert [each for each in addresses if re.search("/(my|desk|registration|newsletter|sign-ups|codes)/", each)] == []
    assert len(found["items"]) == 51


def test_the_name_of_what_is_kept_changes_with_release_and_language(app: Flask, client: FlaskClient):
    before, polish = kept(client)["name"], kept(client, "pl")["name"]
    with app.app_context():
        the_placement("P022").is_cancelled = True
        release(1)

    assert len({before, polish, kept(client)["name"]}) == 3
    assert kept(client)["name"] == kept(client)["name"]


@pytest.mark.parametrize("path", [PROGRAMME, f"{PROGRAMME}P022"])
def test_a_copy_says_that_it_is_one_and_nothing_of_the_moment(client: FlaskClient, path: str):
    with time_machine.travel(datetime(2018, 6, 12, 8, tzinfo=UTC)):
        shown, copy = client.get(path).text, client.get(path, headers={"X-Offline-Copy": "1", "Accept-Language": "en"}).text

    assert ("the copy on your device" in shown, "the copy on your device" in copy) == (False, True)
    assert ("data-refresh" in copy, "is-now" in copy) == (False, False)


FACETS = {
    "city": ["krakow"], "field": ["music"], "kind": ["subgroup"], "venue": ["ice-krakow-congress-centre"],
    "words": "subnetwork meeting: music obrady podgrupy: muzyka ice krakow congress centre centrum kongresowe ice krakow krakow p030",
}  # fmt: skip


def test_a_copy_holds_what_a_filter_is_compared_with(client: FlaskClient):
    path = f"{PROGRAMME}?day=2018-06-13"
    copy = client.get(path, headers={"X-Offline-Copy": "1", "Accept-Language": "en"}).text
    facets = json.loads(re.findall(r'<script type="application/json" data-facets>(.*?)</script>', copy)[0])

    assert (facets["given"], facets["entries"]["P030"]) == ({"day": "2018-06-13"}, FACETS)
    assert "data-facets" not in client.get(path).text


def test_names_of_people_are_not_among_the_words_that_a_device_keeps(app: Flask):
    """Who withdraws is gone at once from pages; copies stay as long as devices like."""
    with app.app_context():
        congress = the_congress()
        entry = replace(queries.released(congress).by_code["P030"][0], people=(("speaker", "Zoë Nobody"),))
        told = json.dumps(offline.facets([entry], Filter(), congress.zone))

    assert ("zoe nobody" in entry.folded, "nobody" in told) == (True, False)


def test_a_provisional_programme_says_so(app: Flask, client: FlaskClient):
    before = client.get(f"{PROGRAMME}P048").text
    with app.app_context():
        the_placement("P022").is_cancelled = True
        release(1, is_provisional=True)

    said = "The whole programme is provisional"
    assert (said in before, said in client.get(f"{PROGRAMME}P048").text) == (False, True)


def test_a_day_can_be_added_to_a_calendar(client: FlaskClient):
    address = "/krakowice2018/calendar/krakowice2018-day-2018-06-14.ics"

    assert f'href="{address}?lang=en"' in client.get(f"{PROGRAMME}?day=2018-06-14").text
    assert f'href="{address}?lang=en"' in client.get(f"{PROGRAMME}P048").text
    feed = client.get(address)
    assert (feed.status_code, feed.text.count("BEGIN:VEVENT")) == (200, 8)
    assert client.get("/krakowice2018/calendar/day-2018-06-14/?lang=pl").text.count("czwartek, 14 czerwca 2018") > 0
    assert [client.get(f"/krakowice2018/calendar/krakowice2018-day-{day}.ics").status_code for day in ("2018-06-20", "2018-99-99", "x")] == [
        404, 404, 404,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", [PROGRAMME, "/krakowice2018/now/", "/krakowice2018/now/part", "/krakowice2018/service-worker.js"]
)
def test_more_entries_ask_the_database_no_more_often(app: Flask, client: FlaskClient, path: str):
    client.get(path)
    with statements(app) as few:
        client.get(path)
    with app.app_context():
        for number in range(3):
            db.session.add(make_session(titles=Localised(en=f"Session {number}")))
        release(1)
    client.get(path)
    with statements(app) as more:
        client.get(path)

    assert len(more) == len(few)


def test_what_the_press_may_attend_is_marked_and_nothing_else(client: FlaskClient):
    marked = [code for code in ("P022", "P051", "P024", "P048") if "Delegates and press" in client.get(f"{PROGRAMME}{code}").text]
    assert marked == ["P022", "P051"]
