"""What a table of people would register, cell by cell."""

from __future__ import annotations

import pytest

from congress.core import sheets
from congress.delegates.vocabulary import Category
from congress.registration.organising import imports
from tests.factories import the_congress
from tests.statements import statements


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"given_name": "x" * 101}, ["given_name"]),
        ({"family_name": "a\x07b"}, ["family_name"]),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, ["email"]),
        ({"email": f"{'a' * 300}@b.example"}, ["email"]),
        ({"city": ""}, ["city"]),
        ({"category": "companion", "city": ""}, ["city"]),
        ({"category": "press", "city": ""}, []),
        ({"category": "Burmistrz", "part": "PRZEWODNICZĄCA", "language": "Polski"}, []),
        ({"email": "józef@łódź.example"}, []),
        ({"given_name": "\u202eEvil"}, []),  # the mark goes, the name stays
    ],
)
def test_each_cell_is_looked_at(undone, cells, wrong):
    values = {"given_name": "Ann", "family_name": "Bee", "email": "ann@b.example", "city": "Lodz"} | cells
    sheet = sheets.Sheet(tuple(values), [tuple(values.values())], [2])
    [row] = imports.check(the_congress(), sheet, list(values), category=Category.DELEGATE, language="en")
    assert (sorted(row.errors), row.is_good) == (wrong, not wrong)


def test_a_table_of_any_length_is_checked_with_the_same_statements(undone):
    congress, taken = the_congress(), []
    for number in (1, 3):
        rows = [("Ann", f"B{each}", f"a{each}@b.example", "lodz") for each in range(number)]
        sheet = sheets.Sheet(("a", "b", "c", "d"), rows, list(range(2, number + 2)))
        with statements() as seen:
            imports.check(
                congress, sheet, ["given_name", "family_name", "email", "city"], category=Category.DELEGATE, language="en"
            )
        taken.append(len(seen))
    assert taken[0] == taken[1]
