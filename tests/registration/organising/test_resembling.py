"""Names that are misspelt at the desk."""

from __future__ import annotations

import pytest

from congress.registration.organising.resembling import resembling

KNOWN = [
    (1, "məmmədova leyla leyla@sheki.example sheki"),
    (2, "usubov elkhan mayor@sheki.example sheki szeki"),
    (3, "wisniewski jan jan@lodz.example lodz"),
    (4, "søndergaard chiara chiara@lodz.example lodz"),
    (5, "kowalska anna anna@lodz.example lodz"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("memmedova", [1]),
        ("mammadova leila", [1]),
        ("usubow", [2]),
        ("usubov baku", [2]),  # the wrong city
        ("wishniewsky", [3]),
        ("kovalska lodz", [5, 3, 4]),  # who is of that city, too, after who is called so
        ("zzz", []),
        ("", []),
    ],
)
def test_who_is_written_otherwise_is_found(typed: str, found: list[int]):
    assert resembling(typed, KNOWN) == found


def test_no_more_than_asked_for():
    assert resembling("anna", [(key, "anna") for key in range(20)], most=3) == [0, 1, 2]
