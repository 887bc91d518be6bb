"""CSV files that people bring."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core import tables
from congress.core.tables import BadFile, Imported, Row, Table, read_table
from congress.networks.vocabulary import Field


def make_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "cities.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, row.values) for row in read_table(make_file(folder, content), required=("city", "country")).rows]


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(BadFile) as refused:
        read_table(make_file(folder, content), required=("city", "country")).raise_problems()
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        "city,country\nŁódź,PL\n",
        "\ufeffcity,country\nŁódź,PL\n",
        "city;country\nŁódź;PL\n",
        '"city","country"\r\n" Łódź ","PL"\r\n',
        "city , country\nŁódź,PL",
        "city,country\rŁódź,PL\r",
        "city,country\nŁo\u0301dz\u0301,PL\n".replace("o\u0301", "ó"),
    ],
)
def test_the_ways_in_which_programs_write_csv_give_the_same_rows(tmp_path, content):
    assert read(tmp_path, content) == [(2, {"city": "Łódź", "country": "PL"})]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    content = 'city,country\n"Bielsko\nBiała",PL\n\n , \nŁódź,PL\n'
    assert read(tmp_path, content) == [
        (2, {"city": "Bielsko\nBiała", "country": "PL"}),
        (6, {"city": "Łódź", "country": "PL"}),
    ]


def test_a_column_that_is_not_in_the_file_is_empty():
    assert Row(2, {"city": "Łódź"})["note"] == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            'city,country\nŁódź,PL\n"Kraków,PL\nGdańsk,PL\n',
            "cities.csv, line 3: the file is cut off or its quotes do not match (unexpected end of data).",
        ),
        (
            'city,country\n"Łódź"x,PL\n',
            "cities.csv, line 2: the file is cut off or its quotes do not match (',' expected after '\"').",
        ),
        (
            "city,country\nOpole,PL\nŁódź,PL\n".encode("cp1250"),
            "cities.csv, line 3: this is not UTF-8. Save the file as “CSV UTF-8” and try again.",
        ),
        (
            "city,country\n".encode("utf-16"),
            "cities.csv, line 1: this is not UTF-8. Save the file as “CSV UTF-8” and try again.",
        ),
        ("city,land\nŁódź,PL\n", "cities.csv, line 1: the column country is missing. Columns found: city, land."),
        ("name\nŁódź\n", "cities.csv, line 1: the column city, country is missing. Columns found: name."),
        ("", "cities.csv, line 1: the column city, country is missing. Columns found: none."),
        ("city,country,city\nŁódź,PL,Lodz\n", "cities.csv, line 1: the column city stands there twice."),
        ("city,country\nŁódź\n", "cities.csv, line 2, column city: 1 cells, but 2 columns"),
        ("city,country\nŁódź,PL,\n", "cities.csv, line 2, column country: 3 cells, but 2 columns"),
        ("city,country\nŁó\x00dź,PL\n", "cities.csv, line 2, column city: control characters"),
        ("city,country\n", "cities.csv: there are no rows under the heading."),
        ("city,country\n,\n\n", "cities.csv: there are no rows under the heading."),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(tmp_path, content, message):
    assert refusal(tmp_path, content) == message


def test_a_row_too_short_is_told_together_with_what_else_is_wrong(tmp_path):
    assert refusal(tmp_path, "city,country\nŁódź\nKra\x07ków,PL\n") == (
        "cities.csv, line 2, column city: 1 cells, but 2 columns\ncities.csv, line 3, column city: control characters"
    )


def test_only_twenty_problems_are_shown(tmp_path):
    lines = refusal(tmp_path, "city,country\n" + "Łódź\n" * 25).split("\n")
    assert (len(lines), lines[-1]) == (21, "… and 5 more")


def test_a_file_of_more_than_20_mb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(tables.LARGEST_FILE + 1)
    with pytest.raises(BadFile, match=r"^huge\.csv is larger than 20 MB\.$"):
        read_table(path, required=())


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile) as refused:
        read_table(tmp_path / "none.csv", required=())
    assert str(refused.value) == f"{tmp_path / 'none.csv'} cannot be read: No such file or directory."


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BadFile) as refused:
        read_table(tmp_path, required=())
    assert str(refused.value) == f"{tmp_path} cannot be read: Is a directory."


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(b"city,country\n" + content)
    try:
        table = read_table(path, required=("city", "country"))
    except BadFile as refused:
        assert str(refused).startswith("any.csv")
    else:
        assert all(set(row.values) <= {"city", "country"} for row in table.rows)


def make_row(**values: str) -> tuple[Table, Row]:
    return Table("f.csv", []), Row(7, values)


def test_an_empty_cell_is_no_problem_and_no_value():
    table, row = make_row(since="")
    assert (tables.cell(table, row, "since", date.fromisoformat, "is no date"), table.problems) == (None, [])


def test_a_cell_that_cannot_be_parsed_is_noted_and_shortened():
    table, row = make_row(since="x" * 80)
    assert tables.cell(table, row, "since", date.fromisoformat, "is no date") is None
    assert table.problems == [f"f.csv, line 7, column since: “{'x' * 60}” is no date"]


def test_a_word_that_is_not_in_the_list_is_noted_with_the_list():
    table, row = make_row(field="dance")
    assert tables.word(table, row, "field", Field) is None
    assert table.problems == [
        "f.csv, line 7, column field: “dance” is not one of: "
        "literature, music, film, media_arts, design, crafts_and_folk_art, gastronomy"
    ]


def test_assign_says_whether_anything_differed():
    row = Row(1, {})
    assert (tables.assign(row, {"line": 1}), tables.assign(row, {"line": 2}), row.line) == (False, True, 2)


def test_an_import_counts_each_record_once():
    done = Imported()
    for is_new, changed in ((True, True), (False, True), (False, False), (True, False)):
        done.count(is_new=is_new, changed=changed)
    assert done == Imported(added=2, changed=1, unchanged=1)
