"""Writes about documents of sessions. A version is never overwritten: a new one takes its place, and organisers still read the old ones."""

from __future__ import annotations

from datetime import datetime

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.programme.documents import files, queries
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience


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
    """A new version, which readers get instead of the one before. Flushes."""
    lock(item)  # two versions sent at once are numbered one after the other
    newest = queries.versions(document)[0]
    stored = files.store(_congress(item), file, by=by, now=now)
    made = Document(
        item_id=item.id, series=document.series, number=newest.number + 1, titles=titles, audience=audience, language=language,
        file=stored,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def describe(document: Document, *, titles: Localised, audience: Audience, language: str) -> None:
    """Another title, audience or language of the same file. Flushes."""
    document.titles, document.audience, document.language = titles, audience, language
    db.session.flush()


def set_withdrawn(document: Document, is_withdrawn: bool) -> None:
    """Taken back: nobody but organisers reads any version of it; or given again. Flushes."""
    for each in queries.versions(document):
        each.is_withdrawn = is_withdrawn
    db.session.flush()


def _congress(item: ProgrammeItem) -> Congress:
    return db.session.get_one(Congress, item.congress_id)
