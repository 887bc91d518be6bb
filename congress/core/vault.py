"""Files that belong to rows: encrypted under the instance folder, named by the row and never by what people write.

A file is written before its row is committed and deleted after its row's end is: what a kill leaves behind is a file without a row,
which ``sweep`` deletes. Nothing here is reached by an address but through a row.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import event
from sqlalchemy.orm import Session

from congress.core import sealed
from congress.core.db import db
from congress.core.errors import CongressError

_ENDED = "files whose rows end with this transaction"
_ABANDONED = timedelta(days=1)  # longer than any transaction, so that a file without a row is nobody's
_AT_ONCE = 500  # names asked for in one statement
_folder: list[Path] = []

Known = Callable[[Sequence[str]], Iterable[str]]
"""Which of these names a table knows."""


class LostFile(CongressError):
    """The row is there, the bytes are not, or no key opens them."""


def use_folder(folder: Path) -> None:
    """Keep files under this folder from now on; called by create_app."""
    _folder[:] = [folder]


def files() -> list[Path]:
    """All files that are kept."""
    return sorted(_folder[0].glob("??/*"))


def _path(public_id: str) -> Path:
    return _folder[0] / public_id[:2] / public_id


def digest(content: bytes) -> str:
    """By which a file is known to be whole: SHA-256 as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def write(public_id: str, content: bytes) -> None:
    """Keep the bytes of a row that is about to be written; on the disk when this returns."""
    _keep(public_id, sealed.seal(content))


def _keep(public_id: str, sealed_content: bytes) -> None:
    path = _path(public_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(sealed_content)
        file.flush()
        os.fsync(file.fileno())


def read(public_id: str, *, name: str, sha256: str) -> bytes:
    """The bytes as they were written. Raises LostFile, which calls the file by ``name``."""
    try:
        found = sealed.unseal(_path(public_id).read_bytes())
    except (OSError, sealed.Unreadable):
        raise LostFile(_("The file %(name)s is no longer here. Please send it again.", name=name)) from None
    if digest(found) != sha256:
        raise LostFile(_("The file %(name)s is no longer here. Please send it again.", name=name))
    return found


def link(names: Iterable[str], folder: Path) -> set[str]:
    """Hold on to these files, sealed as they are, under their names in ``folder``, whoever deletes them; those that are gone already."""
    gone = set()
    for name in names:
        try:
            (folder / name).hardlink_to(_path(name))
        except FileNotFoundError:
            gone.add(name)
        except OSError:  # a file system without links
            shutil.copyfile(_path(name), folder / name)
    return gone


def put_back(public_id: str, sealed_content: bytes) -> None:
    """Keep a file as a backup has it. Raises FileExistsError when there is another one of this name."""
    path = _path(public_id)
    if not path.exists() or path.read_bytes() != sealed_content:
        _keep(public_id, sealed_content)


def folder() -> Path:
    """Where files are kept; made if it is not there."""
    _folder[0].mkdir(parents=True, exist_ok=True, mode=0o700)
    return _folder[0]


def delete_after_commit(public_id: str) -> None:
    """Delete the file once the end of its row, in the running transaction, is committed."""
    db.session.info.setdefault(_ENDED, []).append(public_id)


def _delete(names: Iterable[str]) -> None:
    for name in names:
        _path(name).unlink(missing_ok=True)  # a file that is gone already is no error


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        _delete(session.info.pop(_ENDED, ()))


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_ENDED, None)


def sweep(known: Sequence[Known], *, now: datetime) -> int:
    """Delete the files older than a day that no table knows; how many. ``known`` asks each of the tables that have files."""
    if not _folder or not _folder[0].is_dir():
        return 0
    before = (now - _ABANDONED).timestamp()
    old = {path.name: path for path in files() if path.stat().st_mtime < before}
    names = sorted(old)
    deleted = 0
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        owned = {name for each in known for name in each(part)}
        for name in part:
            if name not in owned:
                old[name].unlink(missing_ok=True)
                deleted += 1
    return deleted
