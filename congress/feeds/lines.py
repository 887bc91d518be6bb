"""Content lines of a calendar: names, parameters, values, folding (RFC 5545, 3.1 to 3.3). Pure.

Values are written as the octets that go out, since lines are measured in octets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

LONGEST = 75  # octets of a line without its end (3.1)
# What TEXT and parameters may not hold (CONTROL in 3.1), and the other half of Unicode's controls, which some programs take
# for the end of a line. A tab may stand.
_CONTROLS = bytes([*range(9), *range(10, 32), 127])
_MORE_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
# A piece of a long line: 74 octets, for the space before it counts. It never parts a character, since programs read line by
# line, nor a backslash or circumflex from the sign that it escapes, since some look for the pair before they unfold.
_PIECE = re.compile(rb"(?s).{1,73}[^\\^](?![\x80-\xbf])|.{1,74}(?![\x80-\xbf])")
_PLAIN_WORD = re.compile(rb"[A-Za-z0-9-]+")


def line(name: bytes, value: bytes, parameters: Sequence[tuple[bytes, bytes]] = ()) -> bytes:
    """A whole content line, folded; the value as its type is written, parameters as parameter() writes them."""
    if parameters:
        name += b"".join([b";%b=%b" % each for each in parameters])
    return folded(b"%b:%b" % (name, value))


def folded(line: bytes) -> bytes:
    """The line in pieces of at most 75 octets, and its end (3.1)."""
    if len(line) <= LONGEST:
        return line + b"\r\n"
    return b"\r\n ".join(_PIECE.findall(line)) + b"\r\n"


def printable(value: str) -> str:
    """What a TEXT can hold of the value: its lines end in ``\\n``, and it has no control characters."""
    kept = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join([_without_controls(each.encode("utf-8", "ignore")).decode() for each in kept])


def text(value: str) -> bytes:
    """The value as TEXT (3.3.11); what TEXT cannot hold is left out, halves of characters too, for which there is no UTF-8."""
    octets = value.encode("utf-8", "ignore").replace(b"\\", b"\\\\").replace(b";", b"\\;").replace(b",", b"\\,")
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _without_controls(octets.replace(b"\n", b"\\n"))


def _without_controls(octets: bytes) -> bytes:
    octets = octets.translate(None, _CONTROLS)
    return _MORE_CONTROLS.sub(b"", octets) if b"\xc2" in octets and _MORE_CONTROLS.search(octets) else octets


def uri(value: str) -> bytes:
    """The value as URI (3.3.13), which knows no escapes; what would end the line is left out."""
    return _without_controls(value.replace("\t", "").encode("utf-8", "ignore"))


def parameter(value: str) -> bytes:
    """The value of a parameter, in quotes unless it is a plain word (3.2).

    There is no escape for a double quote, which becomes a single one; a circumflex is doubled (RFC 6868, 3.1).
    """
    octets = _without_controls(value.replace('"', "'").replace("^", "^^").encode("utf-8", "ignore"))
    return octets if _PLAIN_WORD.fullmatch(octets) else b'"%b"' % octets


@lru_cache(maxsize=4096)
def stamp(instant: datetime) -> bytes:
    """An instant in UTC (3.3.5, form 2). Entries of one release share their stamps."""
    return local(instant.astimezone(UTC)) + b"Z"


def local(time: datetime) -> bytes:
    """What the clocks show, for a TZID (3.3.5, form 3)."""
    return time.isoformat()[:19].replace("-", "").replace(":", "").encode()


def day(value: date) -> bytes:
    """A day (3.3.4)."""
    return value.isoformat().replace("-", "").encode()


def duration(value: timedelta) -> bytes:
    """A span of whole minutes (3.3.6), such as ``PT15M``, ``PT1H``, ``P1D``."""
    minutes = value // timedelta(minutes=1)
    if minutes and minutes % 1440 == 0:
        return b"P%dD" % (minutes // 1440)
    return b"PT%dH" % (minutes // 60) if minutes and minutes % 60 == 0 else b"PT%dM" % minutes


def degrees(value: float) -> str:
    """A coordinate as FLOAT (3.3.7), which knows no exponents."""
    written = repr(value)
    return f"{value:.6f}" if "e" in written else written
