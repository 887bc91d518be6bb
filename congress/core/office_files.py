"""Which office document a file is, by its content. Pure.

Office Open XML and OpenDocument are ZIP archives. Of these only the list of members and one small member are read, so that nothing is
unpacked that could become large. What could run a program when it is opened is told, whatever the ending of its name.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from zlib import error as zlib_error

_MOST = 1_000_000  # bytes of the member that says which format it is
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # DOC, XLS, PPT; and newer ones behind a password
_OOXML = "application/vnd.openxmlformats-officedocument."
# By the content type of the main part, without its end “.main+xml” (ECMA-376, part 1, 15).
_MAIN_PARTS = {
    f"{_OOXML}wordprocessingml.document": ("DOCX", ".docx"),
    f"{_OOXML}presentationml.presentation": ("PPTX", ".pptx"),
    f"{_OOXML}spreadsheetml.sheet": ("XLSX", ".xlsx"),
}
# By the member “mimetype” (OpenDocument 1.3, part 2, 3.3).
_OPEN = {
    "application/vnd.oasis.opendocument.text": ("ODT", ".odt"),
    "application/vnd.oasis.opendocument.presentation": ("ODP", ".odp"),
}
_MACRO = re.compile(
    r"vbaproject|vbadata|(^|/)(macrosheets|activex)/|^scripts/|^basic/.+/(?!script-l[bc]\.xml|dialog-l[bc]\.xml)[^/]+$",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Kind:
    """What a file is. ``name`` and ``suffix`` as people know them."""

    media_type: str
    name: str
    suffix: str


class Refused(Exception):
    """An office document that is not taken."""


class HasMacros(Refused):
    """Programs are in it."""


class OldOrLocked(Refused):
    """In the format of before 2007, or closed by a password."""


class Broken(Refused):
    """An archive that ends in the middle, or is none."""


def kind_of(content: bytes) -> Kind | None:
    """The office document that this is, or text; None for anything else. Raises HasMacros, OldOrLocked, Broken."""
    if content.startswith(_OLD):
        raise OldOrLocked
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    return Kind("text/plain", "TXT", ".txt") if _is_text(content) else None


def _archive(content: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(_MACRO.search(name.replace("\\", "/")) for name in names):
                raise HasMacros
            if "[Content_Types].xml" in names:
                return _office_open(_read(archive, "[Content_Types].xml"))
            found = _OPEN.get(_read(archive, "mimetype").strip()) if "mimetype" in names else None
            return Kind(_read(archive, "mimetype").strip(), *found) if found else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib_error) as problem:
        raise Broken from problem


def _read(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return member.read(_MOST).decode("utf-8", "replace")


def _office_open(types: str) -> Kind | None:
    """By the list of the content types of all parts; a document with macros names another one for its main part."""
    if "macroEnabled" in types:
        raise HasMacros
    found = next((each for each in _MAIN_PARTS if f'"{each}.main+xml"' in types), None)
    return Kind(found, *_MAIN_PARTS[found]) if found else None


def _is_text(content: bytes) -> bool:
    """Text without control characters in UTF-8, UTF-16 with its mark, or the Polish code page of Windows."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1250"):
        try:
            return not _CONTROL.search(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False
