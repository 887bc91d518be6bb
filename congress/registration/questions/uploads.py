"""Files that people sent with the form: a row each, the bytes in the vault."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core import vault
from congress.core.db import db
from congress.core.files import Checked
from congress.delegates.models import Delegation
from congress.registration.models import Registration
from congress.registration.questions.models import Answer, Upload
from congress.registration.questions.queries import SENSITIVE


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
        sha256=vault.digest(checked.content),
        uploaded_at=now,
    )
    vault.write(upload.public_id, checked.content)
    db.session.add(upload)
    db.session.flush()
    return upload


def content(upload: Upload) -> bytes:
    """The bytes as they were sent. Raises vault.LostFile."""
    return vault.read(upload.public_id, name=upload.name, sha256=upload.sha256)


def delete(upload: Upload) -> None:
    """Delete the row now and the file once that is committed."""
    vault.delete_after_commit(upload.public_id)
    db.session.delete(upload)
    db.session.flush()


def known(public_ids: Sequence[str]) -> Iterable[str]:
    """Which of these are files that people sent."""
    return db.session.scalars(select(Upload.public_id).where(Upload.public_id.in_(public_ids)))


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
