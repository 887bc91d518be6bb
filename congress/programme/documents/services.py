"""Writes about documents of sessions. A version is never overwritten: a new one takes its place, and organisers still read the old ones."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.programme.documents import files, queries
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience


class ChangedMeanwhile(CongressError):
    """Somebody else has sent a newer version."""


def add(
    item: ProgrammeItem, file: Checked, *, titles: Localised, audience: Audience, language: str, by: str, now: datetime
) -> Document:
    """The first version of a document. Flushes."""
    stored = files.store(_congress(item), file, by=by, now=now)
    made = Document(item_id=item.id, titles=titles, audience=audience, language=language, file=stored)
    db.session.add(made)
    db.session.flush()
    return made


def add_version(
    document: Document, item: ProgrammeItem, file: Checked, *, titles: Localised, audience: Audience, language: str, by: str,
    now: datetime,
) -> Document:  # fmt: skip
    """A new version, which readers get instead of the one before; of a document that was taken back, it is not given either.

    Raises ChangedMeanwhile where ``document`` is not the newest. Flushes.
    """
    _hold_newest(document, item)
    stored = files.store(_congress(item), file, by=by, now=now)
    made = Document(
        item_id=item.id, series=document.series, number=queries.next_number(document.series), titles=titles, audience=audience,
        language=language, file=stored, is_withdrawn=document.is_withdrawn,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _hold_newest(document: Document, item: ProgrammeItem) -> None:
    """Readers get the newest version, so what is said of another one would be said of a file that nobody gets."""
    lock(item)  # two versions sent at once come one after the other
    newest = next(iter(queries.versions(document)), None)
    if newest is None or newest.id != document.id:
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is how it is now; do it again if you still want to.")
        )


def describe(document: Document, item: ProgrammeItem, *, titles: Localised, audience: Audience, language: str) -> None:
    """Another title, audience or language of the same file. Raises ChangedMeanwhile where it is not the newest. Flushes."""
    _hold_newest(document, item)
    document.titles, document.audience, document.language = titles, audience, language
    db.session.flush()


def set_withdrawn(document: Document, item: ProgrammeItem, is_withdrawn: bool) -> None:
    """Taken back: nobody but organisers reads any version of it; or given again. Flushes."""
    lock(item)  # a version that is sent meanwhile comes before or after
    for each in queries.versions(document):
        each.is_withdrawn = is_withdrawn
    db.session.flush()


def _congress(item: ProgrammeItem) -> Congress:
    return db.session.get_one(Congress, item.congress_id)
