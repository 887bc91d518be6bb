"""Reads about documents: who may read which, and their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme.documents.models import Document, StoredFile
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience, ProposalState

Row = tuple[Document, str]  # with the code of its item
_IS_VERSION = or_(Document.proposal.is_(None), Document.proposal == ProposalState.APPROVED)


def of_item(item: ProgrammeItem) -> list[list[Document]]:
    """The documents of an item, each as its versions, the one to read first; those that were taken back too, but not what is proposed."""
    chosen = select(Document).where(Document.item_id == item.id, _IS_VERSION).options(joinedload(Document.file))
    found: dict[str, list[Document]] = {}
    for each in db.session.scalars(chosen.order_by(Document.id)):
        found.setdefault(each.series, []).insert(0, each)
    return list(found.values())


def newest(congress: Congress) -> Sequence[Row]:
    """The newest version of each document that is not taken back, by its item's code, with that code."""
    later = aliased(Document)
    newer = select(later.id).where(later.series == Document.series, later.number > Document.number)
    is_older = newer.where(or_(later.proposal.is_(None), later.proposal == ProposalState.APPROVED)).exists()
    chosen = select(Document, ProgrammeItem.code).join(ProgrammeItem, ProgrammeItem.id == Document.item_id)
    chosen = chosen.where(ProgrammeItem.congress_id == congress.id, Document.is_withdrawn.is_(False), _IS_VERSION, ~is_older)
    return [(row[0], row[1]) for row in db.session.execute(chosen.order_by(ProgrammeItem.code, Document.id))]


def find_document(congress: Congress, document_id: int) -> tuple[Document, ProgrammeItem] | None:
    """A version of a document of this congress, with its item."""
    row = db.session.execute(
        select(Document, ProgrammeItem)
        .join(ProgrammeItem, ProgrammeItem.id == Document.item_id)
        .where(ProgrammeItem.congress_id == congress.id, Document.id == document_id)
        .options(joinedload(Document.file))
    ).first()
    return (row[0], row[1]) if row else None


def versions(document: Document) -> Sequence[Document]:
    """All versions of the document of which this is one, the newest first; none of one that is only proposed."""
    chosen = select(Document).where(Document.series == document.series, _IS_VERSION)
    return db.session.scalars(chosen.order_by(Document.number.desc())).all()


def next_number(series: str) -> int:
    """That of the next version, also after one that is only proposed."""
    return (db.session.scalar(select(func.max(Document.number)).where(Document.series == series)) or 0) + 1


def proposed(item: ProgrammeItem) -> Sequence[Document]:
    """What coordinators propose for an item and what was rejected, the newest first, with their files."""
    chosen = select(Document).where(Document.item_id == item.id, ~_IS_VERSION).options(joinedload(Document.file))
    return db.session.scalars(chosen.order_by(Document.id.desc())).all()


def waiting(congress: Congress) -> Sequence[tuple[Document, ProgrammeItem]]:
    """What coordinators propose and organisers have to decide, the oldest first, with its item."""
    rows = db.session.execute(
        select(Document, ProgrammeItem)
        .join(ProgrammeItem, ProgrammeItem.id == Document.item_id)
        .where(ProgrammeItem.congress_id == congress.id, Document.proposal == ProposalState.WAITING)
        .options(joinedload(Document.file))
        .order_by(Document.id)
    )
    return [(document, item) for document, item in rows]


def count_waiting(congress: Congress) -> int:
    """How many documents wait for organisers."""
    chosen = select(func.count()).select_from(Document).join(ProgrammeItem, ProgrammeItem.id == Document.item_id)
    return (
        db.session.scalar(chosen.where(ProgrammeItem.congress_id == congress.id, Document.proposal == ProposalState.WAITING)) or 0
    )


def numbers(congress: Congress) -> dict[int, int]:
    """How many documents are there to be read, by the id of the item."""
    found: dict[int, int] = {}
    for document, _code in db.session.execute(_to_read(congress)):
        found[document.item_id] = found.get(document.item_id, 0) + 1
    return found


def to_read(congress: Congress, codes: Collection[str], audiences: Collection[Audience]) -> dict[str, list[Document]]:
    """The newest versions for these audiences, by the code of the item, of those of these codes."""
    found: dict[str, list[Document]] = {}
    for document, code in db.session.execute(_to_read(congress).where(Document.audience.in_(audiences))):
        if code in codes:
            found.setdefault(code, []).append(document)
    return found


def find_to_read(congress: Congress, public_id: str) -> Row | None:
    """The newest version of a document by the id of its file, with the code of its item."""
    row = db.session.execute(_to_read(congress).where(StoredFile.public_id == public_id)).first()
    return (row[0], row[1]) if row else None


def _to_read(congress: Congress) -> Select[Document, str]:
    """Newest versions that were not taken back."""
    newer = aliased(Document)
    is_version = or_(newer.proposal.is_(None), newer.proposal == ProposalState.APPROVED)
    is_newest = ~select(newer.id).where(newer.series == Document.series, newer.number > Document.number, is_version).exists()
    return (
        select(Document, ProgrammeItem.code)
        .join(ProgrammeItem, ProgrammeItem.id == Document.item_id)
        .join(StoredFile, StoredFile.id == Document.file_id)
        .where(ProgrammeItem.congress_id == congress.id, Document.is_withdrawn.is_(False), _IS_VERSION, is_newest)
        .options(joinedload(Document.file))
        .order_by(ProgrammeItem.code, Document.id)
    )
