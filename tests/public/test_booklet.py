"""``/<congress>/booklet/<language>.pdf``: the released programme as a PDF, read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.entries import Entry, Place, Point
from congress.programme.queries import Programme
from congress.public import booklet as surface
from congress.web.language import speaking
from congress.web.print import booklet, typography
from tests import reading_pdf
from tests.conftest import forget_releases
from tests.factories import make_entry, the_congress, utc
from tests.my.test_speaker import csrf_token, put, release, speaker

HOSTILE = "#let x = 1; $x^2$ [a](b) \\ @ref `raw` <label> *b* _i_ = h // c /* d */ ~ --- {{ x }} #panic(1)"


@pytest.fixture(autouse=True)
def _set_anew() -> None:
    """Copies of one database share the identity of their release; outside tests no two releases do."""
    surface._set.clear()


def made(*entries: Entry, language: str = "en", **changes: object) -> bytes:
    congress = the_congress()
    released = Programme(congress.id, "a", 3, utc(2018, 5, 2, 9), entries)
    return booklet.booklet(congress, replace(released, **changes), language)


@pytest.mark.parametrize(
    ("language", "first", "said"),
    [
        ("en", "12–15 June 2018", ["Tuesday 12 June 2018", "Opening ceremony with welcome concert", "Literature"]),
        (
            "pl",
            "12–15 czerwca 2018 r.",
            ["Wtorek, 12 czerwca 2018 r.", "Uroczyste otwarcie i koncert powitalny", "„Rok myśliwego”"],
        ),
    ],
)
def test_the_booklet_holds_cover_contents_days_and_practical_information(
    client: FlaskClient, language: str, first: str, said: list[str]
):
    answer = client.get(f"/krakowice2018/booklet/{language}.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="krakowice2018-programme-{language}.pdf"'
    pages = reading_pdf.pages(answer.data)
    assert first in pages[0]
    assert [name in pages[0] for name in ("Kraków", "Katowice")] == [True, True]
    assert [each for each in said if each not in " ".join(pages[2:])] == []
    assert "http://localhost/krakowice2018/programme/" in pages[-1]
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages[1:], 2)] == [True] * (len(pages) - 1)
    assert reading_pdf.stays_on_the_page(answer.data)


def test_contents_name_the_page_on_which_a_day_begins(client: FlaskClient):
    pages = reading_pdf.pages(client.get("/krakowice2018/booklet/en.pdf").data)

    day = "Wednesday 13 June 2018"
    number = int(pages[1].partition(day)[2].lstrip(" .").split()[0])
    assert (day in pages[number - 1], day in pages[number - 2]) == (True, False)


def test_every_listed_item_of_the_release_is_in_it(app: Flask, client: FlaskClient):
    said = reading_pdf.text(client.get("/krakowice2018/booklet/en.pdf").data)

    with app.app_context():
        titles = {
            typography.line(entry.titles["en"], "en") for entry in queries.released(the_congress()).entries if entry.is_listed
        }
    assert len(titles) > 40
    assert sorted(title for title in titles if title.replace(" ", "") not in said.replace(" ", "")) == []


def test_the_same_release_gives_the_same_bytes_and_is_not_sent_twice(app: Flask, client: FlaskClient):
    first = client.get("/krakowice2018/booklet/pl.pdf")
    with app.test_request_context():
        again = booklet.booklet(the_congress(), queries.released(the_congress()), "pl")

    assert again == first.data
    assert client.get("/krakowice2018/booklet/pl.pdf", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_provisional_programme_says_so_on_the_cover_and_on_each_page(app: Flask, client: FlaskClient):
    before = reading_pdf.text(client.get("/krakowice2018/booklet/en.pdf").data)
    with app.app_context():
        queries.latest_release(the_congress()).is_provisional = True
        db.session.commit()
    forget_releases()
    surface._set.clear()

    body = client.get("/krakowice2018/booklet/en.pdf").data

    assert "Provisional programme" not in before
    assert {"Provisional programme" in page for page in reading_pdf.pages(body)} == {True}


def test_who_has_withdrawn_stands_in_no_booklet_that_is_fetched_after_that(app: Flask, client: FlaskClient):
    with app.app_context():
        number, _public_id, token = speaker(agrees=True)
        put(number)
        release()
    before = client.get("/krakowice2018/booklet/en.pdf")
    client.post(f"/my/speaker/{token}/withdraw", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})
    after = client.get("/krakowice2018/booklet/en.pdf", headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert ["Nomsa" in reading_pdf.text(each.data) for each in (before, after)] == [True, False]


@pytest.mark.parametrize("path", ["/krakowice2018/booklet/de.pdf", "/krakowice2018/booklet/", "/nowhere/booklet/en.pdf"])
def test_there_is_no_booklet_of_another_language_or_congress(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_what_people_wrote_is_never_markup(context: Flask):
    place = Place(
        city="krakow", city_names=Localised(en="Kraków"), venue="v", venue_names=Localised(en=f"Hall {HOSTILE}"), address=HOSTILE
    )
    entry = make_entry(
        titles=Localised(en=HOSTILE), descriptions=Localised(en=f"{HOSTILE}\n{HOSTILE}\n\n#end"), people=(("speaker", HOSTILE),),
        place=place, organiser=HOSTILE,
    )  # fmt: skip

    said = reading_pdf.text(made(entry))

    assert said.replace(" ", "").count(HOSTILE.replace(" ", "")) == 8


def test_long_texts_go_on_over_pages_and_nothing_is_cut(context: Flask):
    words = [f"word{number:04}" for number in range(1, 2001)]
    entry = make_entry(titles=Localised(en="T" * 10_000), descriptions=Localised(en=" ".join(words)))

    body = made(entry)

    said = reading_pdf.text(body)
    assert [word for word in words if word not in said] == []
    assert said.count("T") >= 10_000
    assert reading_pdf.stays_on_the_page(body)


def test_an_item_stays_together_on_one_page(context: Flask):
    entries = [
        make_entry(
            code=f"P{number}", titles=Localised(en=f"Begin{number:03}"), descriptions=Localised(en=f"{'Words of it. ' * 25} End{number:03}"),
            starts_at=utc(2018, 6, 12, 7, number), ends_at=utc(2018, 6, 12, 8),
        )
        for number in range(1, 31)
    ]  # fmt: skip

    pages = reading_pdf.pages(made(*entries))

    def on(word: str) -> list[int]:
        return [number for number, page in enumerate(pages) if word in page]

    assert [number for number in range(1, 31) if on(f"Begin{number:03}") != on(f"End{number:03}")] == []
    assert len(pages) > 8


def test_the_agenda_says_who_speaks_when_and_nobody_twice(context: Flask):
    entry = make_entry(
        people=(("mayor", "Jan Wymyślony"), ("chair", "Ewa Inna")),
        agenda=(
            Point(part="mayor", name="Jan Wymyślony", city_names=Localised(en="Kraków"), minutes=7),
            Point(part="mayor", city_names=Localised(en="Kanazawa"), minutes=8),
            Point(titles=Localised(en="A library of gardens"), city_names=Localised(en="Graz")),
        ),
    )

    with speaking("en"):
        [day] = booklet.facts(the_congress(), Programme(1, "a", 1, None, (entry,)))["days"]

    [item] = day["items"]
    assert item["people"] == ["Chair: Ewa Inna"]
    assert item["agenda"] == [
        {"time": "09:00", "text": "Jan Wymyślony, Kraków"},
        {"time": "09:07", "text": "Kanazawa"},
        {"time": "", "text": "A library of gardens, Graz"},
    ]


def test_what_lasts_days_is_told_once_and_points_back(context: Flask):
    fair = make_entry(
        timing="all_day",
        starts_on=date(2018, 6, 12),
        ends_on=date(2018, 6, 13),
        descriptions=Localised(en="Bread from everywhere."),
    )

    said = reading_pdf.text(made(fair))

    assert (said.count("Bread from everywhere."), said.count("See the first day.")) == (1, 1)


def test_an_item_that_is_not_confirmed_says_so_as_its_page_does(context: Flask):
    unsure, sure = (
        make_entry(code=code, is_plausible=code == "P1", titles=Localised(en=f"Talk {code}")) for code in ("P1", "P2")
    )

    said = reading_pdf.text(made(unsure, sure))

    assert (said.count("Provisional"), said.index("Talk P1") < said.index("Provisional") < said.index("Talk P2")) == (1, True)


def test_a_time_in_words_leaves_no_gap_below_a_short_title(context: Flask):
    place = Place(city="krakow", city_names=Localised(en="Kraków"))
    titles = Localised(en="Fair")
    entry = make_entry(timing="to_be_confirmed", starts_on=date(2018, 6, 12), titles=titles, place=place)

    heights = reading_pdf.heights(made(entry), 3)

    assert {"time to be", "confirmed"} <= heights.keys()
    assert heights["Fair"] - heights["Kraków"] < 17  # points: the next line, though the time beside it takes two


def test_before_the_first_release_the_booklet_says_so(context: Flask):
    body = made(released_at=None, number=0)

    assert "The programme has not been published yet." in reading_pdf.text(body)
    assert len(PdfReader(io.BytesIO(body)).pages) == 3
