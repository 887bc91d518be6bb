"""Reads about proposals and the sessions of a field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegation
from congress.programme.models import Contributor, Placement, ProgrammeItem, ProgrammeSession
from congress.programme.offerings.models import Offering
from congress.programme.planning.models import DraftChange
from congress.programme.proposals.content import Values
from congress.programme.proposals.models import Proposal
from congress.programme.vocabulary import ProposalState

_SHOWN = 50  # decided proposals on the organisers' page


def values(item: ProgrammeItem) -> Values:
    """What of a session a coordinator may propose, as the draft has it."""
    return {
        "titles": dict(item.titles),
        "descriptions": dict(item.descriptions),
        "takes_guests": item.takes_guests,
        "contributors": [
            {"id": each.id, "part": each.part.value, "name": each.printed, "minutes": each.minutes, **_city(each)}
            for each in item.contributors
        ],
    }


def _city(each: Contributor) -> Values:
    """The city that stands there before anybody knows who comes."""
    return {"city": dict(each.city.names)} if each.city is not None and not each.printed else {}


def sessions(congress: Congress, fields: Collection[str]) -> Sequence[ProgrammeSession]:
    """The sessions of these fields in the draft, with times and places, in order of code."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.congress_id == congress.id, ProgrammeSession.field.in_(fields))
        .options(
            selectinload(ProgrammeSession.contributors).joinedload(Contributor.city),
            selectinload(ProgrammeSession.presentations).joinedload(Offering.delegation).joinedload(Delegation.city),
            *(
                selectinload(ProgrammeSession.placements).joinedload(each)
                for each in (Placement.city, Placement.other_city, Placement.venue, Placement.room)
            ),
        )
        .order_by(ProgrammeSession.code)
    ).all()


def find_session(congress: Congress, fields: Collection[str], code: str) -> ProgrammeSession | None:
    """A session of one of these fields; None also where it is another field's."""
    return next((each for each in sessions(congress, fields) if each.code == code), None)


def waiting_of(item: ProgrammeItem) -> Proposal | None:
    """The proposal that waits for a session."""
    return db.session.scalar(select(Proposal).where(Proposal.item_id == item.id, Proposal.state == ProposalState.WAITING))


def of_items(items: Iterable[ProgrammeItem]) -> dict[int, list[Proposal]]:
    """All proposals by the id of their session, the newest first."""
    found: dict[int, list[Proposal]] = {}
    ids = [each.id for each in items]
    for proposal in db.session.scalars(select(Proposal).where(Proposal.item_id.in_(ids)).order_by(Proposal.id.desc())):
        found.setdefault(proposal.item_id, []).append(proposal)
    return found


def waiting(congress: Congress) -> Sequence[Proposal]:
    """What waits for organisers, the oldest first, with its session."""
    return db.session.scalars(_of(congress).where(Proposal.state == ProposalState.WAITING).order_by(Proposal.id)).all()


def count_waiting(congress: Congress) -> int:
    """How many proposals wait for organisers."""
    chosen = select(func.count()).select_from(Proposal).join(ProgrammeItem)
    return db.session.scalar(chosen.where(ProgrammeItem.congress_id == congress.id, Proposal.state == ProposalState.WAITING)) or 0


def decided(congress: Congress) -> Sequence[Proposal]:
    """The last ones that were approved or rejected, the newest first, with their sessions."""
    ended = Proposal.state.in_([ProposalState.APPROVED, ProposalState.REJECTED])
    return db.session.scalars(
        _of(congress).where(ended).order_by(Proposal.decided_at.desc(), Proposal.id.desc()).limit(_SHOWN)
    ).all()


def _of(congress: Congress) -> Select[Proposal]:
    return select(Proposal).join(Proposal.item).where(ProgrammeItem.congress_id == congress.id).options(joinedload(Proposal.item))


def find_proposal(congress: Congress, proposal_id: int) -> Proposal | None:
    """A proposal in this congress, with its session."""
    return db.session.scalar(_of(congress).where(Proposal.id == proposal_id))


def changes_since(proposal: Proposal) -> Sequence[DraftChange]:
    """Who changed the session in the draft after the proposal was made, the newest first."""
    return db.session.scalars(
        select(DraftChange)
        .where(
            DraftChange.item_id == proposal.item_id,
            DraftChange.placement_id.is_(None),
            DraftChange.made_at >= proposal.proposed_at,
        )
        .order_by(DraftChange.id.desc())
    ).all()
