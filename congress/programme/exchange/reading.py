"""Any file that may hold a programme, as a table: CSV, XLSX, a schedule of the c3voc or a calendar. The content says which it is."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core import sheets
from congress.core.sheets import MOST_BYTES, BadSheet, Sheet
from congress.programme.exchange import calendars, schedules


def read(stream: BinaryIO, congress: Congress) -> Sheet:
    """The file as a table, read within limits. Raises BadSheet; nothing is ever half read."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadSheet(_("The file is larger than %(size)d MB. Split it and import the parts.", size=MOST_BYTES // 1_000_000))
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.upper().startswith(b"BEGIN:VCALENDAR"):
        return calendars.read(content, congress)
    if start.startswith(b"{"):
        return schedules.read_json(content)
    if _is_xml(content):
        return schedules.read_xml(content)
    return sheets.read(BytesIO(content))


def _is_xml(content: bytes) -> bool:
    """In UTF-8, or in UTF-16 with its mark: how XML hides from those who look for plain letters."""
    plain = content[:200].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return plain.lstrip().startswith((b"<?xml", b"<schedule", b"<!DOCTYPE"))
