"""What has been kept long enough is deleted: rows in one transaction, files that nobody owns after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _

from congress.accounts import audit
from congress.congresses.models import Congress
from congress.core import vault
from congress.core.db import db
from congress.core.files import delete_older
from congress.events import services as sign_ups
from congress.programme.documents import files as programme_files
from congress.programme.documents.models import StoredFile
from congress.registration import privacy
from congress.registration.questions import uploads
from congress.registration.questions.models import Upload

FILES = (uploads.known, programme_files.known)  # every table whose rows own files
OWNERS = (Upload.public_id, StoredFile.public_id)  # the same tables, for backups
TABLES_KEPT = timedelta(days=1)
LABELS = {
    "passport": _("passport data"),
    "needs": _("diets and access needs"),
    "travel": _("travel and stay"),
    "answers": _("answers to questions"),
    "never sent": _("registrations that were never sent"),
    "files": _("files that belonged to nobody any more"),
    "speakers": _("addresses of speakers"),
    "history": _("changes and proposals in the history of the draft, whose names and accounts are gone"),
    "sign-ups": _("sign-ups of the public"),
    "audit": _("entries of the audit log"),
    "asked for": _("people who asked to be erased"),
}


def purge(congress: Congress, *, now: datetime) -> dict[str, int]:
    """Delete and commit; how many rows of what, by the words of LABELS."""
    done = privacy.purge(congress, now=now)
    if old := sign_ups.delete_old(congress, now=now):
        done["sign-ups"] = old
    if gone := audit.delete_old(now):
        done["audit"] = gone
    db.session.commit()
    abandoned = vault.sweep(FILES, now=now) + delete_older(tables_folder(), now - TABLES_KEPT)
    if abandoned:
        done["files"] = abandoned
    return done


def tables_folder() -> Path:
    """Where tables that organisers import stand between the pages of the import, for TABLES_KEPT at most."""
    return Path(current_app.instance_path) / "imports"


def in_words(done: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was deleted, in the reader's words."""
    return [(str(LABELS[what]), number) for what, number in done.items()]
