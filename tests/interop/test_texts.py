"""Whatever people write comes back letter by letter from every reader."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.core.text import UnprintableText, clean_line, clean_text
from congress.feeds import ical
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry, Place
from congress.programme.vocabulary import KIND_LABELS
from tests.interop import invented
from tests.interop.caldav import Server, as_given_back
from tests.interop.facts import Said, as_read_by, calendar, differences, told
from tests.interop.readers import READERS, Read

_PIECES = [
    "\\", "\\n", "\\N", "\\,", "\\;", ",", ";", ":", '"', "'", "^n", "^'", "^^", "=", "\t", "\n", "\r", "\r\n", "\n ", "\u2028", "\u0085",
    " ", "\u00a0", "\u3000", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u202e", "\u0007", "\u001f", "\u007f",
    "a", "Zażółć gęślą jaźń", "e\u0301", "z\u0300\u0301\u0302\u0303", "ﷺ", "مرحبا", "שלום", "👩🏽‍🎤", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🎶", "日本語", "𝄞", "\ue000", "\U0010fffd",
    "BEGIN:VEVENT", "END:VCALENDAR", "\nEND:VEVENT", "\nATTENDEE:mailto:a@b.example", "%0D%0A", "<b>&amp;", "https://a.example/?b=c&d=e",
]  # fmt: skip
_RAW = st.lists(st.sampled_from(_PIECES) | st.text(max_size=30), max_size=12).map("".join)
_LONG = st.tuples(_RAW.filter(bool), st.integers(0, 6)).map(lambda pair: (pair[0] * 5000)[: 5000 - pair[1]])


def _as_let_in(raw: str, clean: Callable[[str], str]) -> str:
    """The text as forms and imports let it in: without the signs that they refuse."""
    kept = []
    for sign in raw:
        try:
            clean(sign)
        except UnprintableText:
            continue
        kept.append(sign)
    return clean("".join(kept))


LINES = _RAW.map(lambda raw: _as_let_in(raw, clean_line)[:200].strip())
TEXTS = (_RAW | _LONG).map(lambda raw: _as_let_in(raw, clean_text))
_INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
_DAYS = st.integers(0, 700).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


_LINKS = st.sampled_from(["", "", "https://live.example/a?b=c,d;e&f=%20", "https://live.example/" + "x" * 200])


def _in_languages(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Localised]:
    """A text in one language or two."""
    return st.tuples(texts, st.none() | texts).map(lambda pair: Localised({"en": pair[0]} | ({"pl": pair[1]} if pair[1] else {})))


@st.composite
def _styles(draw: st.DrawFn) -> ical.Style:
    return ical.Style(
        words=draw(st.sampled_from([(invented.WORDS,), (invented.POLISH,), (invented.WORDS, invented.POLISH)])),
        timezone="Europe/Warsaw",
        page="https://congress.example/programme/CODE",
        is_personal=draw(st.booleans()),
        alarm=draw(st.none() | st.sampled_from([0, 15, 10_080])),
        is_free=draw(st.none() | st.booleans()),
    )


@st.composite
def _times(draw: st.DrawFn) -> dict[str, object]:
    if draw(st.booleans()):
        start = draw(_INSTANTS)
        length = draw(st.none() | st.integers(1, 24 * 60))
        return {"timing": "timed", "starts_at": start, "ends_at": None if length is None else start + timedelta(minutes=length)}
    first = draw(_DAYS)
    timing = draw(st.sampled_from(["all_day", "to_be_confirmed"]))
    return {
        "timing": timing,
        "starts_on": first,
        "ends_on": draw(st.none() | st.just(first + timedelta(days=draw(st.integers(0, 9))))),
    }


@st.composite
def _places(draw: st.DrawFn) -> Place:
    point = draw(st.none() | st.tuples(st.integers(-900_000, 900_000), st.integers(-1_800_000, 1_800_000)))
    venue = draw(LINES)
    return Place(
        city_names=Localised(en=draw(LINES)),
        venue_names=Localised(en=venue),
        room_names=Localised(en=draw(LINES)),
        address=draw(LINES),
        latitude=point[0] / 10_000 if point and venue else None,
        longitude=point[1] / 10_000 if point and venue else None,
    )


@st.composite
def programmes(draw: st.DrawFn) -> list[Entry]:
    """Up to eight entries."""
    return [
        invented.make_entry(
            number,
            titles=draw(_in_languages(LINES)),
            descriptions=draw(_in_languages(TEXTS)),
            people=tuple(("speaker", name) for name in draw(st.lists(LINES.filter(bool), max_size=3))),
            kind=draw(st.sampled_from([kind.value for kind in KIND_LABELS])),
            field=draw(st.sampled_from(["", *(field.value for field in FIELD_LABELS)])),
            status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
            sequence=draw(st.integers(0, 10_000)),
            place=draw(_places()),
            stream_url=draw(_LINKS),
            join_url=draw(_LINKS),
            languages=tuple(draw(st.sets(st.sampled_from(["en", "pl", "fr"])))),
            **draw(_times()),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


_EVERY_PIECE = [
    invented.make_entry(
        number,
        titles=Localised(en=_as_let_in(piece, clean_line)),
        descriptions=Localised(en=_as_let_in(f"{piece}.{piece}{piece} {piece}", clean_text)),
        people=(("speaker", _as_let_in(f"{piece}x{piece}", clean_line)),),
        place=Place(
            venue_names=Localised(en=_as_let_in(f"x{piece}", clean_line)), address=_as_let_in(f"{piece}x", clean_line),
            latitude=-1.5, longitude=0.0001,
        ),
        starts_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    for number, piece in enumerate(_PIECES)
]  # fmt: skip

_SPACED = invented.make_entry(
    0,
    place=Place(venue_names=Localised(en="\\\\"), room_names=Localised(en="\\\\ , the hall"), latitude=0.0, longitude=0.0),
    starts_at=datetime(2026, 6, 1, tzinfo=UTC),
)


_PLAIN = ical.Style(words=(invented.WORDS,), timezone="Europe/Warsaw", page="https://congress.example/programme/CODE")


def rendered(made: list[Entry], name: str, style: ical.Style) -> bytes:
    head = ical.Head(key="made", name=name, description=name, timezone=style.timezone, url="https://congress.example/")
    return ical.assemble(head, made, [ical.render_entry(entry, style) for entry in made])


def expected(made: list[Entry], name: str, style: ical.Style) -> Said:
    events = [
        told(each, style.words, style.page.replace("CODE", each.item), is_personal=style.is_personal, is_free=style.is_free)
        for each in made
    ]
    return calendar(name, events)


def wrong_lines(body: bytes) -> list[bytes]:
    """Lines that RFC 5545, 3.1 forbids: longer than 75 octets, a lone CR or LF, half a character, or empty."""
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    found = [line for line in lines if len(line) > 75 or b"\r" in line or b"\n" in line or not line.strip()]
    for line in lines:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            found.append(line)
        else:
            found += [line] if any(unicodedata.category(sign) == "Cc" and sign != "\t" for sign in text) else []
    return found


_numbers = itertools.count()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=programmes(), name=LINES.filter(bool), style=_styles())
@example(made=_EVERY_PIECE, name="x", style=_PLAIN)
@example(made=[_SPACED], name="x", style=_PLAIN)
@example(made=_EVERY_PIECE, name="x", style=replace(_PLAIN, words=(invented.POLISH, invented.WORDS), is_personal=True, alarm=15))
def test_two_hundred_programmes_come_back_from_every_reader(
    reader_called: Callable[[str], Read], radicale: Server, made: list[Entry], name: str, style: ical.Style
) -> None:
    body, wanted = rendered(made, name, style), expected(made, name, style)
    assert wrong_lines(body) == []
    for reader in READERS:
        assert differences(reader_called(reader)(body), as_read_by(reader, wanted)) == [], reader
    path = f"made-{next(_numbers)}/"
    if made:  # Radicale takes no calendar without an event
        status, _ = radicale.ask("PUT", path, body, **{"Content-Type": "text/calendar"})
        said = calendar(name, radicale.events(path))
        assert (status, differences(said, as_given_back(wanted))) == (201, [])
        radicale.ask("DELETE", path)
