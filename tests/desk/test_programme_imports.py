"""``/desk/<congress>/programme-imports/`` and ``…/programme-exports/``: a programme in, the draft out."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from congress.core.db import db
from congress.programme import queries
from congress.programme.exchange import tables
from congress.programme.models import Placement
from congress.programme.vocabulary import Timing
from tests.conftest import csrf_token
from tests.factories import everything, the_congress, the_placement
from tests.web.test_wrong_links import make_stranger

PAGE = "/desk/krakowice2018/programme-imports/"
OUT = "/desk/krakowice2018/programme-exports/draft."
TABLE = "code;title_en;title_pl;starts;room\nP022;Another opening;;2018-06-12 12:00;\nX1;New;Nowe;2018-06-12 14:00;\nX2;Bad;Złe;2018-06-31 14:00;Nowhere\n"


def upload(client: FlaskClient, content: bytes, name: str = "programme.csv") -> tuple[int, str]:
    file = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart({"csrf_token": csrf_token(client, PAGE), "file": file})
    answer = client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.status_code, answer.location or html.unescape(answer.text)


def chosen(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    columns = re.findall(r'name="(column-\d+)">.*?</select>', page, re.DOTALL)
    values = [
        re.search(r'value="(\w+)" selected', each) for each in re.findall(r'name="column-\d+">(.*?)</select>', page, re.DOTALL)
    ]
    found = {name: value[1] if value else "" for name, value in zip(columns, values, strict=True)}
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return {**found, "seen": seen[1] if seen else ""}


def send(client: FlaskClient, path: str, **values: object) -> tuple[int, str]:
    page = client.get(path).text
    data = {"csrf_token": csrf_token(client, path), "do": "write", **chosen(page), **values}
    answer = client.post(path, data=data)
    return answer.status_code, html.unescape(answer.text if answer.status_code != 303 else client.get(answer.location).text)


def told(*columns: str) -> dict[str, tuple[str, ...]]:
    """The draft by code: these columns."""
    db.session.rollback()
    cities = tables.city_slugs()
    rows = [tables.cells_of(each, the_congress(), cities) for each in queries.placements(the_congress())]
    return {row["code"]: tuple(row.get(name, "") for name in columns) for row in rows}


def test_nothing_is_written_before_one_has_seen_it(organiser: FlaskClient, app: Flask):
    with app.app_context():
        before = everything()
    status, path = upload(organiser, TABLE.encode())
    text = html.unescape(organiser.get(path).text)
    assert (status, re.findall(r'class="cell-wrong">(.*?)</div>', text)) == (
        303,
        [
            "Start <q>2018-06-31 14:00</q>: 2018-06-31 does not exist: this month has fewer days, or there is no such month.",
            "Room <q>Nowhere</q>: “Nowhere” is no room that is known here. Correct the name, or leave the cell empty.",
        ],
    )
    assert re.findall(r'class="import-change">Title \(en\): <del>[^<]*</del> → <ins>(.*?)</ins>', text) == ["Another opening"]
    with app.app_context():
        assert everything() == before


def test_rows_with_errors_stop_the_writing_until_they_are_left_out(organiser: FlaskClient, app: Flask):
    _status, path = upload(organiser, TABLE.encode())
    refused = send(organiser, path)
    with app.app_context():
        assert (refused[0], "Some rows have errors." in refused[1], "X1" in told()) == (409, True, False)
        gone = the_placement("P023").id
    done = send(organiser, path, without_wrong="1", call_off=["²", "9" * 5000, str(gone)])
    assert (done[0], re.search(r"1 entry added\. 1 entry changed\. 1 entry called off\.", done[1]) is not None) == (303, True)
    with app.app_context():
        found = told("title_en", "is_cancelled")
        assert (found["P022"], found["X1"], found["P023"][1], "X2" in found) == (
            ("Another opening", "no"),
            ("New", "no"),
            "yes",
            False,
        )
    assert organiser.get(path).status_code == 404  # the file is gone


def test_what_changed_since_it_was_seen_is_shown_again(organiser: FlaskClient, app: Flask):
    _first, one = upload(organiser, b"code;title_en\nP022;First\n")
    _second, two = upload(organiser, b"code;title_en\nP022;Second\n")
    seen = chosen(organiser.get(two).text)["seen"]
    send(organiser, one)
    status, text = send(organiser, two, seen=seen)
    with app.app_context():
        assert (status, "Look at the rows again." in text, told("title_en")["P022"]) == (409, True, ("First",))
    assert send(organiser, two)[0] == 303


def test_columns_are_matched_by_hand_where_no_heading_helps(organiser: FlaskClient, app: Flask):
    _status, path = upload(organiser, "A,B\nX9,Łąka\n".encode("utf-16"))
    asked = send(organiser, path)
    assert (asked[0], "Choose which column is the title." in asked[1]) == (200, True)
    values = {"column-0": "code", "column-1": "title_pl", "kind": "panel", "audience": "everyone", "do": "check"}
    looked = organiser.post(path, data={"csrf_token": csrf_token(organiser, path), **values}).text
    assert send(organiser, path, **{**values, "do": "write", "seen": chosen(looked)["seen"]})[0] == 303
    with app.app_context():
        assert told("title_pl", "kind", "audience", "is_event")["X9"] == ("Łąka", "panel", "everyone", "yes")


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "The file is empty."), (b"<schedule/>", "There are no events in this schedule."), (b"BEGIN:VCALENDAR", "cut off")]
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_sentence(organiser: FlaskClient, content: bytes, said: str):
    status, text = upload(organiser, content)
    assert (status, said in text) == (422, True)


def test_the_table_of_the_draft_changes_nothing_when_it_comes_back(organiser: FlaskClient, app: Flask):
    for language in ("en", "pl"):
        organiser.get(f"/desk/krakowice2018/?lang={language}")
        for suffix in ("csv", "xlsx"):
            _status, path = upload(organiser, organiser.get(f"{OUT}{suffix}").data)
            assert re.findall(r'<ul class="import-counts">\s*<li>(\d+).*?<li>(\d+).*?<li>(\d+).*?<li>(\d+).*?<li>(\d+)', organiser.get(path).text, re.DOTALL) == [
                ("0", "0", str(len(told_in(app))), "0", "0")
            ]  # fmt: skip


def told_in(app: Flask) -> dict[str, tuple[str, ...]]:
    with app.app_context():
        return told()


@pytest.mark.parametrize("suffix", ["json", "xml", "ics"])
def test_what_other_programs_carry_comes_back(organiser: FlaskClient, app: Flask, suffix: str):
    """One title, times, places and whether it is called off; a schedule holds neither that nor what has no time."""
    files = organiser.get(f"{OUT}{suffix}?lang=en").data
    columns = ("uid", "title_en", "starts", "ends", "timing", "city", "other_city", "venue", "room")
    with app.app_context():
        draft = told(*columns)
        carried = {
            each.code for each in queries.placements(the_congress())
            if each.starts_at or (suffix == "ics" and each.starts_on)
        }  # fmt: skip
        for each in db.session.query(Placement):
            if each.code in carried:
                each.item.titles, each.timing, each.starts_on, each.ends_on = each.item.titles, Timing.TO_BE_CONFIRMED, None, None
                each.starts_at = each.ends_at = each.city = each.other_city = each.venue = each.room = None
        db.session.commit()
        assert told("starts") != {code: (row[2],) for code, row in draft.items()}
    _status, path = upload(organiser, files)
    page = html.unescape(organiser.get(path).text)
    assert re.findall(r'class="cell-wrong">(.*?)</div>', page) == []
    status, _text = send(organiser, path)
    with app.app_context():
        found = told(*columns)
        # An open end counts an hour in a schedule.
        lost = {code for code, row in draft.items() if code in carried and suffix != "ics" and row[2] and not row[3]}
        assert (status, {code: row for code, row in found.items() if code not in lost and row != draft[code]}) == (303, {})
        assert {code: (row[:3], row[4:]) for code, row in found.items() if code in lost} == {
            code: (draft[code][:3], draft[code][4:]) for code in lost
        }


def test_exports_are_kept_by_nobody_and_computed_by_none(organiser: FlaskClient):
    answer = organiser.get(f"{OUT}csv")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Disposition"], answer.data[:3]) == (
        "private, no-store", 'attachment; filename="krakowice2018-draft.csv"', b"\xef\xbb\xbf",
    )  # fmt: skip
    assert [organiser.get(f"{OUT}{suffix}").status_code for suffix in ("exe", "pdf")] == [404, 404]


def test_a_file_of_somebody_else_is_not_shown(organiser: FlaskClient, app: Flask):
    _status, path = upload(organiser, TABLE.encode())
    stranger = make_stranger(app)
    wrong = [f"{PAGE}{'0' * 32}", f"{PAGE}..%2f..%2fetc", f"{path}x", path.replace("programme-imports", "imports")]
    assert [organiser.get(each).status_code for each in wrong] == [404] * len(wrong)
    assert stranger.get(path).status_code == 403
