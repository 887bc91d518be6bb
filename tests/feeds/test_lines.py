"""Lines read back by Python's icalendar, which did not write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Component, vDate, vDatetime, vDuration, vFloat
from icalendar.parser import Contentline

from congress.feeds import lines

SETTINGS = settings(max_examples=120, deadline=None)
PIECES = ["\\", "\\n", "\\N", "\\,", ",", ";", ":", '"', "^", "^n", "\t", "\n", "\r", "\r\n", "\u0085", "\u2028", "\x00", "\x7f", "é", "👩🏽‍🎤", "日", "\udc80"]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=12).map("".join)
NAMES = st.sampled_from([b"SUMMARY", b"LOCATION", b"DESCRIPTION"])


def unfolded(written: bytes) -> str:
    """The line as RFC 5545, 3.1 joins it."""
    assert written.endswith(b"\r\n")
    return written.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode()


@SETTINGS
@given(NAMES, texts)
@example(b"SUMMARY", "\\" * 200)
@example(b"SUMMARY", "x" * 66 + "\\" + "y")
@example(b"SUMMARY", "x" * 67)
@example(b"SUMMARY", "x" * 68)
@example(b"SUMMARY", "é" * 200)
def test_a_text_comes_back_without_what_text_cannot_hold(name: bytes, value: str) -> None:
    event = Component.from_ical(b"BEGIN:VEVENT\r\n" + lines.line(name, lines.text(value)) + b"END:VEVENT\r\n")
    assert str(event[name.decode()]) == lines.printable(value)


@SETTINGS
@given(texts)
def test_what_text_cannot_hold_are_controls_and_other_ends_of_lines(value: str) -> None:
    kept = value.replace("\r\n", "\n").replace("\r", "\n")
    assert lines.printable(value) == "".join(
        sign for sign in kept if sign in "\t\n" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )


@SETTINGS
@given(NAMES, texts.map(lambda text: text * 9))
def test_no_piece_is_longer_than_75_octets_or_parts_a_character_or_an_escape(name: bytes, value: str) -> None:
    pieces = lines.line(name, lines.text(value)).removesuffix(b"\r\n").split(b"\r\n")
    assert [piece for piece in pieces if len(piece) > 75 or b"\r" in piece or b"\n" in piece] == []
    assert [piece for piece in pieces[1:] if not piece.startswith(b" ")] == []
    assert "".join([pieces[0].decode(), *(piece[1:].decode() for piece in pieces[1:])]) == unfolded(
        lines.line(name, lines.text(value))
    )
    # A piece that holds an escape's backslash holds what it escapes.
    assert [piece for piece in pieces if (len(piece) - len(piece.rstrip(b"\\"))) % 2] == []


def test_a_line_of_75_octets_is_whole_and_one_of_76_is_not() -> None:
    assert lines.folded(b"A:" + b"x" * 73) == b"A:" + b"x" * 73 + b"\r\n"
    assert lines.folded(b"A:" + b"x" * 74) == b"A:" + b"x" * 72 + b"\r\n " + b"xx\r\n"


@SETTINGS
@given(st.lists(texts.map(lambda text: text.replace("\\", "/")), max_size=4))  # some programs read a backslash as an escape
def test_parameters_come_back_with_single_quotes_and_without_controls(values: list[str]) -> None:
    given_ = [(f"X-P{number}".encode(), lines.parameter(each)) for number, each in enumerate(values)]
    read = Contentline(unfolded(lines.line(b"X-NAME", b"said", given_))).parts()
    kept = ["".join(sign for sign in each if sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cs"}) for each in values]
    expected = {f"X-P{number}": each.replace('"', "'") for number, each in enumerate(kept)}
    assert (read[0], dict(read[1]), read[2]) == ("X-NAME", expected, "said")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("AUDIO-1", b"AUDIO-1"),
        ("Live stream", b'"Live stream"'),
        ("", b'""'),
        ('a "b"; c^', b"\"a 'b'; c^^\""),
        ("a\r\nATTENDEE:x", b'"aATTENDEE:x"'),
    ],
)
def test_a_parameter_is_in_quotes_unless_it_is_a_word(value: str, written: bytes) -> None:
    assert lines.parameter(value) == written


@SETTINGS
@given(texts)
def test_no_value_begins_a_line_of_its_own(value: str) -> None:
    written = lines.line(b"URL", lines.uri(value)) + lines.line(b"X", lines.text(value), [(b"P", lines.parameter(value))])
    begun = [each for each in written.split(b"\r\n")[:-1] if not each.startswith(b" ")]
    assert [each.partition(b":")[0].partition(b";")[0] for each in begun] == [b"URL", b"X"]


@SETTINGS
@given(
    st.integers(-(10**10), 10**11).map(lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(["UTC", "Europe/Warsaw", "Asia/Kathmandu"]).map(ZoneInfo),
)
def test_instants_and_days_are_written_as_icalendar_writes_them(instant: datetime, zone: ZoneInfo) -> None:
    local = instant.astimezone(zone)
    assert (lines.stamp(local), lines.local(local), lines.day(local.date())) == (
        vDatetime(instant).to_ical(), vDatetime(local.replace(tzinfo=None)).to_ical(), vDate(local.date()).to_ical(),
    )  # fmt: skip


@given(st.integers(0, 20_000))
@example(60 * 24 * 7)
def test_spans_of_minutes_mean_the_same_to_icalendar(minutes: int) -> None:
    assert vDuration.from_ical(lines.duration(timedelta(minutes=minutes)).decode()) == timedelta(minutes=minutes)


def test_paces_of_asking_are_short() -> None:
    paces = (timedelta(minutes=15), timedelta(hours=1), timedelta(days=1), timedelta(0))
    assert [lines.duration(each) for each in paces] == [b"PT15M", b"PT1H", b"P1D", b"PT0M"]


@SETTINGS
@given(st.floats(-180, 180))
def test_a_coordinate_has_no_exponent(value: float) -> None:
    assert "e" not in lines.degrees(value)
    assert abs(vFloat.from_ical(lines.degrees(value)) - value) < 1e-6


def test_a_year_before_1000_keeps_its_four_digits() -> None:
    assert lines.day(date(18, 6, 12)) == b"00180612"
