"""Tables that people bring, and tables that they are given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

from congress.core import sheets, sheets_out
from congress.core.sheets import BadSheet, Sheet

NAMES = "name;city\r\nŁucja Ångström;Łódź\r\nJoão;Óbidos\r\n"
READ = (("name", "city"), [("Łucja Ångström", "Łódź"), ("João", "Óbidos")])


@pytest.fixture(autouse=True, scope="module")
def _words() -> Iterator[None]:
    """Sentences need Flask-Babel and nothing else."""
    app = Flask("sheets")
    Babel(app)
    with app.app_context():
        yield


def read(content: bytes) -> Sheet:
    return sheets.read(io.BytesIO(content))


def refused(content: bytes) -> str:
    with pytest.raises(BadSheet) as refusal:
        read(content)
    return str(refusal.value)


def book(*rows: tuple[object, ...], **more: object) -> bytes:
    made, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def changed(content: bytes, name: str, text: bytes) -> bytes:
    """A ZIP file with one member of another content."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, text if each == name else old.read(each))
    return file.getvalue()


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16", b""), ("utf-16-le", b""), ("utf-16-be", b"")]
)
def test_csv_is_read_in_each_encoding_of_unicode(encoding, mark):
    sheet = read(mark + NAMES.encode(encoding))

    assert (sheet.header, sheet.rows, sheet.lines) == (*READ, [2, 3])


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_csv_of_old_programs_is_read_with_polish_letters_and_says_what_was_guessed(encoding):
    text = "imię;miasto\nŹdzisława Święś;Łódź\nŻaneta Ćma;Gdańsk\n"

    sheet = read(text.encode(encoding))

    assert (sheet.rows, sheet.encoding) == ([("Ździsława Święś", "Łódź"), ("Żaneta Ćma", "Gdańsk")], encoding)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_separator_is_found_outside_quotation_marks(sign):
    text = f'"Name, given; family"{sign}City\n"Ana ""Nina""\nSecond line"{sign}Braga\n'

    assert read(text.encode()).rows == [('Ana "Nina"\nSecond line', "Braga")]


def test_excels_line_about_the_separator_is_no_heading():
    sheet = read(b"sep=;\r\na;b\r\n1,5;2\r\n")

    assert (sheet.header, sheet.rows, sheet.lines) == (("a", "b"), [("1,5", "2")], [3])


def test_empty_lines_are_skipped_short_rows_are_filled_and_lines_are_those_of_the_file():
    sheet = read(b"a,b,c,\n\n,,\n1\n\n2,3,4\n")

    assert (sheet.header, sheet.rows, sheet.lines) == (("a", "b", "c"), [("1", "", ""), ("2", "3", "4")], [4, 6])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n", "The file is empty."),
        (b";;\n\n", "The file is empty."),
        (b"name,city\n", "There are no rows under the heading."),
        (b"name,city\nAna,Braga,x\n", "Line 2 has 3 cells, but there are 2 columns in the heading."),
        (b'name,city\nAna,Braga\nJo,"Bra', "In line 3 a quotation mark is never closed, or the file ends in the middle."),
        (b"name,city\nAna,Braga\nJo", "Line 3 is cut off: the file ends in the middle."),
        (NAMES.encode()[: NAMES.encode().index("Ó".encode()) + 1], "The file ends in the middle. Save it again and choose it once more."),
        (b"\xff\xfe" + NAMES.encode("utf-16-le")[:31], "The file ends in the middle. Save it again and choose it once more."),
        (b"name\n\x81\x83\xff\x98 and more text\n", "The letters of the file cannot be read. Save it as “CSV UTF-8” and choose it again."),
        (b"name\n" + bytes(range(64)) * 3 + b"\n", "This is neither a CSV nor an XLSX file."),
        (b"name\n" + b"x\n" * 100_000, "The file has more than 5000 rows. Split it and import the parts."),
        (b"x" * 5_000_001, "The file is larger than 5 MB. Split it and import the parts."),
        (b",".join([b"x"] * 201) + b"\n1\n", "The file has more than 200 columns."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
            "This is an old Excel file (.xls), or one with a password. Save it as .xlsx or as CSV and choose it again.",
        ),
        (b"PK\x03\x04 no archive", "The XLSX file is damaged. Save it again and choose it once more."),
        (book(("name",), ("Ana",))[:3000], "The XLSX file is damaged. Save it again and choose it once more."),
        (book(), "The file is empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(content, sentence):
    assert refused(content) == sentence


def test_as_many_rows_as_allowed_are_read():
    assert len(read(b"name\n" + b"x\n" * 5_000).rows) == 5_000


def test_xlsx_is_read_as_texts_and_formulas_stay_what_they_are():
    content = book(
        ("text", "formula", "number", "part", "day", "moment", "clock", "yes"),
        ("Łódź ", '=HYPERLINK("http://evil.example")', 7.0, 1.5, date(2018, 6, 12), datetime(2018, 6, 12, 9, 30), time(9, 5), True),  # noqa: DTZ001
        (None,) * 8,
        ("João", *(None,) * 7),
    )  # fmt: skip

    sheet = read(content)

    assert sheet.rows == [
        ("Łódź", '=HYPERLINK("http://evil.example")', "7", "1.5", "2018-06-12", "2018-06-12 09:30", "09:05", "TRUE"),
        ("João", "", "", "", "", "", "", ""),
    ]
    assert sheet.lines == [2, 4]


def test_only_the_first_page_of_an_xlsx_is_read():
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active.append(("name",))
    made.active.append(("Ana",))
    made.create_sheet("second").append(("other",))
    made.save(file)

    assert read(file.getvalue()).rows == [("Ana",)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = changed(book(("name",), ("Ana",)), "xl/worksheets/sheet1.xml", b" " * 41_000_000)

    assert len(bomb) < 100_000
    assert refused(bomb) == "The file unpacks to far more than a table needs. Save it as CSV and choose it again."


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    bomb = changed(book(("name",), ("Ana",)), "xl/worksheets/sheet1.xml", b" " * 30_000_000)
    lying = bomb.replace((30_000_000).to_bytes(4, "little"), (3_000).to_bytes(4, "little"))

    assert lying != bomb
    assert refused(lying) == "The XLSX file is damaged. Save it again and choose it once more."


def test_xml_with_entities_is_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    assert refused(changed(book(("name",), ("Ana",)), "xl/worksheets/sheet1.xml", laughs)) == (
        "The XLSX file is damaged. Save it again and choose it once more."
    )


def test_another_zip_is_no_table():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")

    assert refused(file.getvalue()) == "This is neither a CSV nor an XLSX file."


def test_a_page_that_claims_to_be_huge_is_read_for_what_it_holds():
    content = book(("name",), ("Ana",))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        page = packed.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in page

    assert read(changed(content, "xl/worksheets/sheet1.xml", page)).rows == [("Ana",)]


def test_csv_is_given_with_a_mark_and_without_formulas():
    rows = [
        ("name", "number"),
        ('=HYPERLINK("x")', -5),
        ("-5", 1.5),
        ("+48 12 1", True),
        ("@a", None),
        ('Ana, "Nina"', date(2018, 6, 12)),
    ]

    given = b"".join(sheets_out.csv(rows))

    assert (
        given
        == (
            '\ufeffname,number\r\n"\'=HYPERLINK(""x"")",-5\r\n\'-5,1.5\r\n\'+48 12 1,TRUE\r\n\'@a,\r\n"Ana, ""Nina""",2018-06-12\r\n'
        ).encode()
    )


def test_rows_are_taken_as_they_are_needed():
    taken = 0

    def rows() -> Iterator[tuple[str, ...]]:
        nonlocal taken
        for _number in range(50_000):
            taken += 1
            yield ("a name of a person", "a city somewhere")

    first = next(sheets_out.csv(rows()))

    assert (len(first) > 60_000, taken < 3_000) == (True, True)


def test_xlsx_is_given_with_types_and_a_formula_is_a_text():
    rows = [
        ("name", "value"),
        ('=HYPERLINK("x")', 7),
        ("a\x00b", datetime(2018, 6, 12, 9, 30, tzinfo=UTC)),
        ("day", date(2018, 6, 12)),
        (None, True),
    ]

    page = openpyxl.load_workbook(io.BytesIO(b"".join(sheets_out.xlsx(rows, title="People: [2018]")))).active

    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["name", "value"],
        ['=HYPERLINK("x")', 7],
        ["ab", datetime(2018, 6, 12, 9, 30)],  # noqa: DTZ001
        ["day", datetime(2018, 6, 12)],  # noqa: DTZ001
        [None, True],
    ]
    assert (page["A2"].data_type, page["A1"].font.bold, page.title) == ("s", True, "People   2018 ")


_any_text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z", "Cf"]), max_size=12)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("ab1", min_size=1, max_size=5), _any_text, st.sampled_from(["=1+1", "+48", "-", "@x", "'s"])),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_given_is_read_back(rows):
    table = [("one", "two", "three"), *rows]

    assert read(b"".join(sheets_out.csv(table))).rows == rows
    assert read(b"".join(sheets_out.csv(table, separator=";"))).rows == rows
    assert read(b"".join(sheets_out.xlsx(table))).rows == rows
