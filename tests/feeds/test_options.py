"""What a calendar's address may ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.feeds.options import Options, WrongOption, read_options

PUBLIC = frozenset({"lang", "tbc", "alarm", "free", "format"})
OWN = PUBLIC | {"deadlines"}


def read(*asked: tuple[str, str], otherwise: str = "en", takes: frozenset[str] = OWN) -> Options:
    return read_options(asked, otherwise=otherwise, known=["en", "pl"], takes=takes)


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ([], Options(("en",))),
        ([("lang", "en")], Options(("en",))),
        ([("lang", "pl")], Options(("pl",))),
        ([("lang", "en,pl")], Options(("en", "pl"))),
        ([("lang", "pl,en")], Options(("pl", "en"))),
        ([("tbc", "1")], Options(("en",), with_unconfirmed=True)),
        ([("deadlines", "1")], Options(("en",), with_deadlines=True)),
        ([("alarm", "0")], Options(("en",), alarm=0)),
        ([("alarm", "015")], Options(("en",), alarm=15)),
        ([("alarm", "10080")], Options(("en",), alarm=10_080)),
        ([("free", "0")], Options(("en",), is_free=False)),
        ([("free", "1")], Options(("en",), is_free=True)),
        ([("format", "ics")], Options(("en",))),
        ([("format", "jcal")], Options(("en",), form="jcal")),
        (
            [("format", "jcal"), ("free", "1"), ("alarm", "5"), ("deadlines", "1"), ("tbc", "1"), ("lang", "pl,en")],
            Options(("pl", "en"), with_unconfirmed=True, with_deadlines=True, alarm=5, is_free=True, form="jcal"),
        ),
    ],
)
def test_what_an_address_asks_for(asked: list[tuple[str, str]], options: Options):
    assert read(*asked) == options


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lang", ["", "xx", "EN", "en-GB", "en,", ",en", "en,en", "en,xx", "en pl", "en;pl", " en", "en,pl,en", "pł"]),
        ("tbc", ["", "0", "yes", "true", "11", "1 ", "１"]),
        ("deadlines", ["", "0", "yes", "true", "11", "1 ", "１"]),
        (
            "alarm",
            ["", "-5", "+5", "5.0", "1e3", "10081", "99999", "100000", "000015", "15m", " 15", "15 ", "１５", "٣", "²", "P1D"],
        ),
        ("free", ["", "2", "00", "01", "no", "true", "-1", "１"]),
        ("format", ["", "ICS", "json", "xml", "jcal ", "ics,jcal"]),
        ("", ["", "1"]),
        ("Lang", ["en"]),
        ("lang ", ["en"]),
        ("other", ["", "1"]),
        ("&", ["1"]),
    ],
)
def test_a_wrong_option_is_refused_by_its_name(name: str, values: list[str]):
    refused = []
    for value in values:
        with pytest.raises(WrongOption) as problem:
            read((name, value))
        refused.append(problem.value.option)
    assert refused == [name] * len(values)


@pytest.mark.parametrize(
    ("name", "value"),
    [("lang", "en"), ("tbc", "1"), ("deadlines", "1"), ("alarm", "15"), ("free", "1"), ("format", "ics")],
)
def test_an_option_is_given_once(name: str, value: str):
    with pytest.raises(WrongOption) as problem:
        read((name, value), ("lang" if name != "lang" else "tbc", "1" if name == "lang" else "en"), (name, value))
    assert problem.value.option == name


def test_what_one_feed_takes_another_refuses():
    assert read(("deadlines", "1"), takes=OWN).with_deadlines
    with pytest.raises(WrongOption) as problem:
        read(("deadlines", "1"), takes=PUBLIC)
    assert problem.value.option == "deadlines"


def test_the_language_of_the_feed_is_taken_where_none_is_asked_for():
    assert (read(otherwise="pl"), read(("lang", "en"), otherwise="pl")) == (Options(("pl",)), Options(("en",)))


@given(st.lists(st.tuples(st.sampled_from(sorted(OWN)) | st.text(max_size=6), st.text(max_size=6)), max_size=6))
def test_whatever_is_asked_there_are_options_or_the_name_of_a_wrong_one(asked: list[tuple[str, str]]):
    try:
        found = read(*asked)
    except WrongOption as problem:
        assert problem.option in dict(asked)
    else:
        assert len(dict(asked)) == len(asked)
        assert set(dict(asked)) <= OWN
        assert (found.alarm is None, found.is_free is None) == ("alarm" not in dict(asked), "free" not in dict(asked))
