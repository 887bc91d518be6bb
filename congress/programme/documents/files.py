"""Files of the programme: a row each, the bytes in the vault."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core import vault
from congress.core.db import db
from congress.core.files import Checked
from congress.programme.documents.models import StoredFile


def store(congress: Congress, checked: Checked, *, by: str, now: datetime) -> StoredFile:
    """Keep a file that ``core.files`` or ``people.photos`` has passed. Flushes."""
    kept = StoredFile(
        public_id=str(uuid.uuid4()),
        congress_id=congress.id,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=vault.digest(checked.content),
        uploaded_at=now,
        uploaded_by=by,
    )
    vault.write(kept.public_id, checked.content)
    db.session.add(kept)
    db.session.flush()
    return kept


def delete(file: StoredFile) -> None:
    """Delete the row now and the bytes once that is committed."""
    vault.delete_after_commit(file.public_id)
    db.session.delete(file)
    db.session.flush()


def known(public_ids: Sequence[str]) -> Iterable[str]:
    """Which of these are files of the programme."""
    return db.session.scalars(select(StoredFile.public_id).where(StoredFile.public_id.in_(public_ids)))
