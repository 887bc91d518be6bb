"""Files that people sent: a row each, the bytes encrypted under the instance folder, named by the row and never by what people write.

A file is written before its row is committed and deleted after its row's end is: what a kill leaves behind is a file without a row,
which ``sweep`` deletes. Nothing here is reached by an address but through a row.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import event, select
from sqlalchemy.orm import Session, joinedload

from congress.congresses.models import Congress
from congress.core import sealed
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.files import Checked
from congress.delegates.models import Delegation
from congress.registration.models import Registration
from congress.registration.questions.models import Answer, Upload
from congress.registration.questions.queries import SENSITIVE

_ENDED = "uploads whose rows end with this transaction"
_ABANDONED = timedelta(days=1)  # longer than any transaction, so that a file without a row is nobody's
_folder: list[Path] = []


class LostFile(CongressError):
    """The row is there, the bytes are not, or no key opens them."""


def use_folder(folder: Path) -> None:
    """Keep files under this folder from now on; called by create_app."""
    _folder[:] = [folder]


def _path(public_id: str) -> Path:
    return _folder[0] / public_id[:2] / public_id


def store(
    checked: Checked, *, now: datetime, registration: Registration | None = None, delegation: Delegation | None = None
) -> Upload:
    """Keep a file that ``core.files.check`` has passed, of a registration or of a delegation. Flushes."""
    upload = Upload(
        public_id=str(uuid.uuid4()),
        registration_id=registration.id if registration else None,
        delegation_id=delegation.id if delegation else None,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        uploaded_at=now,
    )
    path = _path(upload.public_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(sealed.seal(checked.content))
        file.flush()
        os.fsync(file.fileno())
    db.session.add(upload)
    db.session.flush()
    return upload


def content(upload: Upload) -> bytes:
    """The bytes as they were sent. Raises LostFile."""
    try:
        found = sealed.unseal(_path(upload.public_id).read_bytes())
    except (OSError, sealed.Unreadable):
        raise LostFile(_("The file %(name)s is no longer here. Please send it again.", name=upload.name)) from None
    if hashlib.sha256(found).hexdigest() != upload.sha256:
        raise LostFile(_("The file %(name)s is no longer here. Please send it again.", name=upload.name))
    return found


def delete(upload: Upload) -> None:
    """Delete the row now and the file once that is committed."""
    db.session.info.setdefault(_ENDED, []).append(upload.public_id)
    db.session.delete(upload)
    db.session.flush()


def delete_files(uploads: Iterable[Upload | str]) -> None:
    """Delete the files of rows that are gone for good. A file that is gone already is no error."""
    for each in uploads:
        _path(each if isinstance(each, str) else each.public_id).unlink(missing_ok=True)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        delete_files(session.info.pop(_ENDED, ()))


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_ENDED, None)


def sweep(*, now: datetime) -> int:
    """Delete files without a row that are older than a day; how many."""
    if not _folder or not _folder[0].is_dir():
        return 0
    before = (now - _ABANDONED).timestamp()
    old = {path.name: path for path in _folder[0].glob("??/*") if path.stat().st_mtime < before}
    names = sorted(old)
    deleted = 0
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        known = set(db.session.scalars(select(Upload.public_id).where(Upload.public_id.in_(part))))
        for name in part:
            if name not in known:
                old[name].unlink(missing_ok=True)
                deleted += 1
    return deleted


def find_upload(registration: Registration, public_id: str) -> Upload | None:
    """A file of this registration."""
    return db.session.scalar(select(Upload).where(Upload.registration_id == registration.id, Upload.public_id == public_id))


def find_of_congress(congress: Congress, public_id: str) -> Upload | None:
    """A file of a registration or delegation of this congress."""
    of_registration = select(Registration.id).where(Registration.congress_id == congress.id)
    of_delegation = select(Delegation.id).where(Delegation.congress_id == congress.id)
    return db.session.scalar(
        select(Upload).where(
            Upload.public_id == public_id,
            Upload.registration_id.in_(of_registration) | Upload.delegation_id.in_(of_delegation),
        )
    )


def of_registration(registration: Registration) -> dict[str, Upload]:
    """The files of a registration by id."""
    found = db.session.scalars(select(Upload).where(Upload.registration_id == registration.id))
    return {each.public_id: each for each in found}


def of_delegation(delegation: Delegation) -> Sequence[Upload]:
    """The letters of a delegation, the last first."""
    return db.session.scalars(select(Upload).where(Upload.delegation_id == delegation.id).order_by(Upload.id.desc())).all()


def is_sensitive(upload: Upload) -> bool:
    """Whether it answers a question whose answers are kept as passports or needs are, or none that is known any more."""
    if upload.registration_id is None:
        return False
    chosen = select(Answer).where(Answer.registration_id == upload.registration_id).options(joinedload(Answer.question))
    of_it = [each.question for each in db.session.scalars(chosen) if each.value == upload.public_id]
    return not of_it or any(each.retention in SENSITIVE for each in of_it)
