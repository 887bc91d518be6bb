"""Files that people send: how large, of which kind by their content, and under which name they are kept.

Only formats that hold no scripts a browser would run by itself; even so they are only ever given as attachments.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from flask_babel import gettext as _

from congress.core import office_files
from congress.core.errors import CongressError

LARGEST = 10_000_000  # bytes
ACCEPTED = ".pdf,.png,.jpg,.jpeg"  # as the attribute ``accept`` of HTML has it
ACCEPTED_OFFICE = f"{ACCEPTED},.docx,.pptx,.xlsx,.odt,.odp,.txt"
_LONGEST_NAME = 120
_TAIL = 65_536  # where the end mark of a format must stand; some programs append a little after it


class BadUpload(CongressError):
    """The file cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True)
class _Format:
    media_type: str
    name: str
    head: bytes
    end: bytes
    suffixes: tuple[str, ...]


_FORMATS = (
    _Format("application/pdf", "PDF", b"%PDF-", b"%%EOF", (".pdf",)),
    _Format("image/png", "PNG", b"\x89PNG\r\n\x1a\n", b"IEND", (".png",)),
    _Format("image/jpeg", "JPEG", b"\xff\xd8\xff", b"\xff\xd9", (".jpg", ".jpeg", ".jpe", ".jfif")),
)


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its cleaned name, its type as its content says, its bytes."""

    name: str
    media_type: str
    content: bytes


def check(name: str, stream: BinaryIO, *, takes_office: bool = False) -> Checked:
    """The file if it may be kept. Never reads more than one byte beyond the largest size. Raises BadUpload.

    ``takes_office``: also documents of office programs without macros, and text.
    """
    content = stream.read(LARGEST + 1)
    if not content:
        raise BadUpload(_("The file is empty. Choose another one."))
    if len(content) > LARGEST:
        raise BadUpload(_("The file is larger than %(size)d MB. Choose a smaller one.", size=LARGEST // 1_000_000))
    found = next((each for each in _FORMATS if content.startswith(each.head)), None)
    if found is None and takes_office:
        kind = _office(content)
        return _named(name, content, kind.media_type, kind.name, (kind.suffix,))
    if found is None:
        raise BadUpload(
            _("This is not a PDF, PNG or JPEG file, whatever its name says. Save it as one of these and choose it again.")
        )
    if found.end not in content[-_TAIL:]:
        raise BadUpload(_cut())
    return _named(name, content, found.media_type, found.name, found.suffixes)


def _office(content: bytes) -> office_files.Kind:
    try:
        kind = office_files.kind_of(content)
    except office_files.HasMacros:
        raise BadUpload(
            _(
                "There are macros in this document, which could do harm on other computers. Save it without them or as PDF, and choose it again."
            )
        ) from None
    except office_files.OldOrLocked:
        raise BadUpload(
            _(
                "This document is in the format of before 2007 or closed by a password. Save it without one as DOCX, PPTX, XLSX or PDF, and choose it again."
            )
        ) from None
    except office_files.Broken:
        raise BadUpload(_cut()) from None
    if kind is None:
        raise BadUpload(
            _(
                "This is not a PDF, PNG, JPEG, DOCX, PPTX, XLSX, ODT, ODP or TXT file, whatever its name says. Save it as one of these and choose it again."
            )
        )
    return kind


def _cut() -> str:
    return str(_("The file ends in the middle. Open it to see whether it is complete, then choose it again."))


def _named(name: str, content: bytes, media_type: str, format_name: str, suffixes: tuple[str, ...]) -> Checked:
    """With the ending of what it is; a name that says something else is refused."""
    cleaned = clean_name(name)
    suffix = PurePosixPath(cleaned).suffix.lower()
    if not suffix:
        cleaned += suffixes[0]
    elif suffix not in suffixes:
        raise BadUpload(
            _(
                "The name of the file ends in %(suffix)s, but it is a %(format)s file. Give it the ending %(right)s and choose it again.",
                suffix=suffix[:20],
                format=format_name,
                right=suffixes[0],
            )
        )
    return Checked(cleaned, media_type, content)


def delete_older(folder: Path, before: datetime) -> int:
    """Delete the files of a folder that nobody has written since then; how many. A folder that is not there holds none."""
    old = [path for path in folder.glob("*") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def clean_name(name: str) -> str:
    """A name for saving: without folders, control and direction marks and what file systems refuse; at most 120 signs, its ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    name = re.sub(r'[<>:"|?*;%\s]+', " ", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name[:_LONGEST_NAME].strip(" .") or "file"
    suffix = suffix.strip()[:10]
    return f"{stem[: _LONGEST_NAME - len(suffix) - 1].strip(' .') or 'file'}.{suffix}"
