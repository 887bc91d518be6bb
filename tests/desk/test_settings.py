"""``/desk/<congress>/settings/``: what a congress is called, when and where it is, who may see it."""

from __future__ import annotations

import html
import re
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.audit import AuditEntry
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.planning.models import DraftChange
from congress.programme.services import release_programme
from tests.conftest import csrf_token
from tests.factories import everything, the_congress, utc

RELEASED = now().replace(microsecond=0)
PAGE, FEED = "/desk/krakowice2018/settings/", "/krakowice2018/calendar/krakowice2018-programme.ics"


def filled_in(page: str) -> dict[str, str]:
    """What the form holds as it was shown."""
    form = page.partition("novalidate")[2]
    seen = re.search(r'name="seen" value="([^"]*)"', form)
    values = {"seen": seen[1]} if seen else {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, kind = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "type"))
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "seen" and kind and (kind[1] != "checkbox" or " checked" in tag):
            values[name[1]] = value[1] if value else ""
    for name, inner in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        values[name] = inner
    for name, inner in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        values[name] = (re.findall(r'<option selected value="([^"]*)"', inner) or re.findall(r'<option value="([^"]*)"', inner))[
            0
        ]
    return {name: html.unescape(value) for name, value in values.items()}


def send(client: FlaskClient, values: dict[str, str], path: str = PAGE, **changes: str | None) -> tuple[int, str]:
    data = {"csrf_token": csrf_token(client, path), **values, **changes}
    answer = client.post(path, data={name: value for name, value in data.items() if value is not None})
    return answer.status_code, html.unescape(answer.text)


def of_congress(app: Flask, *names: str) -> list[object]:
    with app.app_context():
        return [getattr(the_congress(), name) for name in names]


def test_saved_as_it_was_shown_nothing_changes(app: Flask, organiser: FlaskClient):
    with app.app_context():
        before = everything()
    status, page = send(organiser, filled_in(organiser.get(PAGE).text))
    assert (status, re.findall(r"id=\"(\w+)-error\"", page)) == (303, [])
    with app.app_context():
        after = everything()
    assert {table for table in before if before[table] != after[table]} <= {"sign_ins"}


def test_what_is_changed_stands_on_the_public_pages_and_in_the_audit_log(app: Flask, organiser: FlaskClient, client: FlaskClient):
    values = filled_in(organiser.get(PAGE).text)
    changes = {
        "long_name_en": "Thirteenth Meeting", "theme_pl": "Mosty", "contact_email": "hello@host.example", "hosts": "Katowice\nkrakow\n",
        "languages_used": "pl, en, fr", "closes_on": "2018-05-20", "closes_time": "", "opens_time": "10:30", "kind": "seminar", "travel_minutes": "75",
    }  # fmt: skip
    assert send(organiser, values, **changes)[0] == 303
    names = ("languages", "registration_opens_at", "registration_closes_at", "kind", "travel_minutes", "contact_email")
    assert of_congress(app, *names) == [
        ["pl", "en", "fr"], utc(2018, 1, 15, 9, 30), utc(2018, 5, 20, 22), "seminar", 75, "hello@host.example",
    ]  # fmt: skip
    home = {language: client.get(f"/krakowice2018/?lang={language}").text for language in ("en", "pl")}
    assert ("Thirteenth Meeting" in home["en"], "Katowice · Kraków" in home["en"], "Mosty" in home["pl"]) == (True,) * 3
    assert 'name="name_fr"' in organiser.get(PAGE).text
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "congresses")).all()
        assert entry.changes["travel_minutes"] == [90, 75]


def test_what_is_wrong_stands_at_its_field_keeps_what_was_typed_and_changes_nothing(app: Flask, organiser: FlaskClient):
    values = filled_in(organiser.get(PAGE).text)
    with app.app_context():
        before = everything()["congresses"]
    for changes, name, said in (
        ({"name_en": ""}, "name_en", "Write the name in English."),
        ({"ends_on": "2018-06-01"}, "ends_on", "The last day is before the first one."),
        ({"starts_on": ""}, "starts_on", "Give the day."),
        ({"timezone": "Europe/Krakowice"}, "timezone", "Choose from the list."),
        ({"languages_used": "en, polski"}, "languages_used", "Write codes of two or three small letters"),
        ({"hosts": "Kraków\nAtlantis"}, "hosts", "“Atlantis” is not a city that we know."),
        ({"hosts": "Kraków\nkrakow"}, "hosts", "Name each host city once."),
        ({"hosts": "Kraków"}, "hosts", "would be no host any more"),
        ({"closes_on": "2018-01-10"}, "closes_on", "It would close before it opens."),
        ({"opens_on": "", "opens_time": "", "closes_on": "2018-05-20"}, "opens_on", "It closes, but never opens."),
        ({"contact_email": "nobody"}, "contact_email", "This is not an e-mail address."),
    ):
        status, page = send(organiser, values, **{"theme_en": "Kept theme", **changes})
        error = re.search(rf'id="{name}-error"[^>]*>(.*?)</p>', page, re.DOTALL)
        assert (status, error is not None and said in error[1], "Kept theme" in page) == (422, True, True), (name, said)
    with app.app_context():
        assert everything()["congresses"] == before


def test_the_second_of_two_is_told_what_the_first_has_changed(app: Flask, organiser: FlaskClient):
    values = filled_in(organiser.get(PAGE).text)
    assert send(organiser, values, theme_en="The first one")[0] == 303
    status, page = send(organiser, values, theme_en="The second one")
    assert (status, "saved now: The first one; yours: The second one" in page) == (409, True)
    assert send(organiser, filled_in(page))[0] == 303
    assert of_congress(app, "themes")[0]["en"] == "The second one"


def test_until_it_is_published_only_the_desk_shows_it(app: Flask, organiser: FlaskClient, client: FlaskClient):
    values = filled_in(organiser.get(PAGE).text)
    pages = ("/krakowice2018/", "/krakowice2018/registration/", FEED, "/krakowice2018/schedule.json")
    assert [client.get(path).status_code for path in pages] == [200] * 4
    assert send(organiser, values, is_published=None)[0] == 303
    assert [client.get(path).status_code for path in pages] == [404] * 4
    listed = ["krakowice2018" in client.get(path).text for path in ("/", "/networks/uccn/", "/cities/krakow/", "/accessibility/")]
    page = organiser.get("/desk/krakowice2018/").text
    assert (listed, "Public pages" in page, "Nobody sees this congress yet" in page) == ([False] * 4, False, True)


def events(body: bytes) -> dict[str, dict[str, str]]:
    """The lines of each VEVENT that say when it is and how new."""
    found = {}
    for part in body.decode().replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.partition(":")[::2] for line in part.split("\r\n") if ":" in line)
        found[lines["UID"]] = lines
    return found


def test_days_and_zone_reach_calendars_of_what_is_released_only_by_a_release(
    app: Flask, organiser: FlaskClient, client: FlaskClient
):
    """The draft moves at once, and each step is noted; released times stay the same instants, whatever zone they are written in."""
    before = client.get(FEED)
    values = filled_in(organiser.get(PAGE).text)
    changes = {"starts_on": "2018-06-19", "ends_on": "2018-06-22", "moves_draft": "y", "timezone": "Europe/London"}
    with app.app_context():
        was = {each.uid: each for each in queries.draft(the_congress())}
    assert send(organiser, values, **changes)[0] == 303
    with app.app_context():
        now_is = {each.uid: each for each in queries.draft(the_congress())}
        noted = db.session.scalars(select(DraftChange.placement_id).where(DraftChange.action == "placed")).all()
        assert of_congress(app, "starts_on", "timezone") == [date(2018, 6, 19), "Europe/London"]
    timed = next(uid for uid, each in was.items() if each.starts_at and each.ends_at)
    moved = [(each[timed].ends_at - each[timed].starts_at) for each in (was, now_is)]  # type: ignore[operator]
    # A week later by the clocks of London, which are an hour behind those of Warsaw.
    assert ((now_is[timed].starts_at - was[timed].starts_at).total_seconds(), moved[0] == moved[1]) == (7 * 86400 + 3600, True)
    assert len(noted) == sum(1 for each in was.values() if each.starts_at or each.starts_on)

    after = client.get(
        FEED, headers={"If-None-Match": before.headers["ETag"], "If-Modified-Since": before.headers["Last-Modified"]}
    )
    told, tells = events(before.data), events(after.data)
    assert (after.status_code, tells.keys(), b"TZID:Europe/London" in after.data) == (200, told.keys(), True)
    same = ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY")
    assert {uid: [each[name] for name in same] for uid, each in tells.items()} == {
        uid: [each[name] for name in same] for uid, each in told.items()
    }
    start = next(line for line in told if told[line].get("DTSTART;TZID=Europe/Warsaw", "").startswith("20180612T0900"))
    assert tells[start]["DTSTART;TZID=Europe/London"] == told[start]["DTSTART;TZID=Europe/Warsaw"].replace("T0900", "T0800")

    with app.app_context():
        release_programme(the_congress(), note=Localised(), by="somebody", now=RELEASED)
        db.session.commit()
    then = events(client.get(FEED).data)
    assert then[start]["DTSTART;TZID=Europe/London"] == "20180619T090000"
    assert {(int(then[uid]["SEQUENCE"]) - int(told[uid]["SEQUENCE"]), then[uid]["DTSTAMP"]) for uid in told} == {
        (1, f"{RELEASED:%Y%m%dT%H%M%SZ}")
    }
