"""Documents that coordinators propose for their sessions: nobody reads them before organisers agree. Who may do so is asked before."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.outbox.services import Letter, enqueue
from congress.programme.documents import files, queries
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience, ProposalState

APPROVED, REJECTED = "document_approved", "document_rejected"


class DecidedAlready(CongressError):
    """The document does not wait any more."""


def propose(
    item: ProgrammeItem, file: Checked, *, titles: Localised, audience: Audience, language: str, by: str, now: datetime,
    of: Document | None = None,
) -> Document:  # fmt: skip
    """A new document of a session, or a new version ``of`` one, that waits for the organisers.

    What waited of the same document, or was rejected, makes room for it. Flushes.
    """
    lock(item)
    if of is not None:
        for each in queries.proposed(item):
            if each.series == of.series:
                _delete(each)
    stored = files.store(db.session.get_one(Congress, item.congress_id), file, by=by, now=now)
    made = Document(
        item_id=item.id, titles=titles, audience=audience, language=language, file=stored, proposal=ProposalState.WAITING
    )  # fmt: skip
    if of is not None:
        made.series, made.number = of.series, queries.next_number(of.series)
    db.session.add(made)
    db.session.flush()
    return made


def take_back(document: Document, item: ProgrammeItem) -> None:
    """It is not proposed any more, or its rejection was read: row and file go. Raises DecidedAlready."""
    lock(item)
    db.session.refresh(document)
    if document.proposal in (None, ProposalState.APPROVED):
        raise _decided()
    _delete(document)


def approve(document: Document, item: ProgrammeItem, *, language: str, now: datetime) -> None:
    """Readers get it from now on, after whatever organisers have sent meanwhile; not of a document that was taken back.

    Raises DecidedAlready.
    """
    _hold(document, item)
    before = next(iter(queries.versions(document)), None)
    if before is not None and before.number > document.number:
        document.number = queries.next_number(document.series)
    document.is_withdrawn = before is not None and before.is_withdrawn
    document.proposal = ProposalState.APPROVED
    _tell(document, item, APPROVED, language, now)


def reject(document: Document, item: ProgrammeItem, *, reason: str, language: str, now: datetime) -> None:
    """Readers never get it; who proposed it is told why. Raises DecidedAlready."""
    _hold(document, item)
    document.proposal, document.reason = ProposalState.REJECTED, reason
    _tell(document, item, REJECTED, language, now)


def _hold(document: Document, item: ProgrammeItem) -> None:
    lock(item)  # as with versions: one after the other
    db.session.refresh(document)
    if document.proposal is not ProposalState.WAITING:
        raise _decided()


def _decided() -> DecidedAlready:
    return DecidedAlready(_("Somebody has decided about this document already."))


def _delete(document: Document) -> None:
    file = document.file
    db.session.delete(document)
    db.session.flush()
    files.delete(file)


def _tell(document: Document, item: ProgrammeItem, template: str, language: str, now: datetime) -> None:
    enqueue(
        Letter(
            key=f"document-{document.id}-{document.file.public_id}", to=document.file.uploaded_by, template=template,
            language=language, congress=item.congress_id, facts={"document": document.id},
        ),
        now=now,
    )  # fmt: skip
    db.session.flush()
