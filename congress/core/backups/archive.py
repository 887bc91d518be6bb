"""The file of a backup: a ZIP whose last member, ``backup.json``, says what is in it, with the SHA-256 of each other member.

It is written in one go, also into a pipe, and its rows never stand in memory all at once. A backup that was cut off has no last member.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from congress.core.errors import CongressError

FORMAT = 1
_LAST = "backup.json"
_FILE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BLOCK = 1 << 20


class BadBackup(CongressError):
    """The file cannot be restored from; the sentence says why and what to do."""


@dataclass
class Table:
    """What a backup says of a table; ``last_number`` is the highest id given away, where the database counts apart from the rows."""

    name: str
    columns: list[list[str]]
    key: list[str]
    rows: int = 0
    last_number: int = 0


@dataclass
class Contents:
    """What a backup says of itself. ``revision`` is that of the tables; ``keys`` tells whether those of another place are the same."""

    program: str
    revision: str
    database: str
    made_at: str
    keys: dict[str, str]
    format: int = FORMAT
    tables: list[Table] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes members one after the other, then what is in them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.digests: dict[str, str] = {}

    def add_lines(self, table: str, lines: Iterable[bytes]) -> int:
        """The rows of a table; how many."""
        count = 0
        with self._zip.open(_table(table), "w", force_zip64=True) as member:
            whole = hashlib.sha256()
            for line in lines:
                member.write(line)
                whole.update(line)
                count += 1
        self.digests[_table(table)] = whole.hexdigest()
        return count

    def add_file(self, name: str, path: Path) -> None:
        content = path.read_bytes()
        self._zip.writestr(_file(name), content)
        self.digests[_file(name)] = hashlib.sha256(content).hexdigest()

    def end(self, contents: Contents) -> None:
        contents.digests = self.digests
        self._zip.writestr(_LAST, json.dumps(asdict(contents), ensure_ascii=False, indent=1))
        self._zip.close()


class Reader:
    """A backup to be restored from. Raises BadBackup when it is none, is not whole, or is of a newer program."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            said = json.loads(self._zip.read(_LAST))
        except OSError as reason:
            raise BadBackup(f"{path} cannot be read: {reason.strerror}.") from None
        except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError):
            raise BadBackup(f"{path} is no whole backup: it was cut off, or is something else. Take another one.") from None
        if said.get("format") != FORMAT:
            raise BadBackup(f"{path} was made by a newer program. Install that one, then restore.")
        self.contents = Contents(**said | {"tables": [Table(**each) for each in said["tables"]]})

    def check(self) -> None:
        """Read it all, and compare with the checksums. Raises BadBackup."""
        expected = {_table(each.name) for each in self.contents.tables} | {_file(name) for name in self.contents.files}
        if expected != set(self.contents.digests) or expected | {_LAST} != set(self._zip.namelist()):
            raise BadBackup("The backup does not hold what it says it does. Take another one.")
        for name, digest in self.contents.digests.items():
            whole = hashlib.sha256()
            try:
                with self._zip.open(name) as member:
                    while block := member.read(_BLOCK):
                        whole.update(block)
            except (zipfile.BadZipFile, OSError, ValueError, EOFError, zlib.error):
                raise BadBackup(f"{name} in the backup is damaged. Take another one.") from None
            if whole.hexdigest() != digest:
                raise BadBackup(f"{name} in the backup was changed after it was made. Take another one.")

    def lines(self, table: str) -> Iterator[bytes]:
        with self._zip.open(_table(table)) as member:
            yield from member

    def file(self, name: str) -> bytes:
        return self._zip.read(_file(name))


def _table(name: str) -> str:
    return f"tables/{name}.jsonl"


def _file(name: Any) -> str:
    if not isinstance(name, str) or not _FILE.fullmatch(name):
        raise BadBackup("The backup names a file as Congress never does. Take another one.")
    return f"files/{name}"
