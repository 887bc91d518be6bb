"""``/<congress>/changes/``: what each release changed, and any two compared."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import services
from tests.factories import NOW, the_congress, the_item, the_placement
from tests.public.test_pages import statements

LOG = "/krakowice2018/changes/"


def release(hours: int, note: str = "", **options: object) -> None:
    services.release_programme(
        the_congress(), note=Localised(en=note, pl=note and "Po polsku"), by="x", now=NOW + timedelta(hours=hours), **options
    )
    db.session.commit()


def words(client: FlaskClient, path: str = LOG) -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def three_releases(app: Flask) -> None:
    """Renamed in the second, renamed again and another cancelled in the third; its online room is nobody's business."""
    with app.app_context():
        the_item("P022").titles = Localised(en="Grand opening", pl="Wielkie otwarcie")
        release(1, "The hall was taken.", is_provisional=True)
        the_item("P022").titles = Localised(en="Splendid opening", pl="Wspaniałe otwarcie")
        the_item("P024").join_url = "https://rooms.example/secret"
        the_placement("P026").is_cancelled = True
        release(2, is_provisional=False)


def test_the_log_names_each_release_the_newest_first(client: FlaskClient, three_releases: None):
    said = words(client)
    assert re.findall(r"Release (\d)", said) == ["3", "2", "1"]
    assert "Release 2 10 May 2018, 12:00 Provisional programme The hall was taken." in said
    assert "Po polsku" in words(client, f"{LOG}?lang=pl")


def test_the_first_release_says_how_much_it_held_and_folds_the_list(client: FlaskClient, three_releases: None):
    page = client.get(f"{LOG}1/").text
    listed = page.count('<li class="change">')
    assert f"The first release of the programme, with {listed} entries." in page
    assert page.count("<details") == 1
    assert "<details" not in client.get(f"{LOG}2/").text


def test_a_release_says_what_was_and_what_is(client: FlaskClient, three_releases: None):
    said = words(client, f"{LOG}2/")
    assert "The hall was taken." in said
    assert "Title in English Opening ceremony with welcome concert Grand opening" in said
    assert "Splendid" not in said


def test_two_releases_are_compared_across_what_lies_between(client: FlaskClient, three_releases: None):
    said = words(client, f"{LOG}compare?from=3&to=1")
    assert "From release 1 to release 3" in said
    assert "Title in English Opening ceremony with welcome concert Splendid opening" in said
    assert ("Grand" in said, "2 changes" in said, "cancelled" in said) == (False, True, True)
    assert "Both releases say the same to the public." in words(client, f"{LOG}2..2/")


def test_what_is_not_for_the_public_is_nowhere(client: FlaskClient, three_releases: None):
    assert ["rooms.example" in words(client, path) for path in (f"{LOG}3/", f"{LOG}1..3/")] == [False, False]


@pytest.mark.parametrize(
    "path", ["99/", "0/", "-1/", "x/", "1..99/", "compare", "compare?from=a&to=1", "compare?from=1&to=²", f"{'9' * 30}/"]
)
def test_releases_that_are_none_are_not_found(client: FlaskClient, path: str):
    assert client.get(f"{LOG}{path}").status_code == 404


def test_a_page_asks_as_much_for_many_changes_as_for_one(app: Flask, client: FlaskClient):
    counts = []
    for number, codes in enumerate((["P022"], ["P022", "P024", "P026"]), 2):
        with app.app_context():
            for code in codes:
                the_item(code).titles = Localised(en=f"Title {number}", pl=f"Tytuł {number}")
            release(number)
            client.get(LOG)
            with statements(app) as asked:
                client.get(f"{LOG}{number}/")
            counts.append(len(asked))
    assert counts[0] == counts[1]
