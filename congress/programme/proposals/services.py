"""Proposing how a session should be, and deciding about it. Who may do so is asked before (``accounts.rules``)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.outbox.services import Letter, enqueue
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.planning import counting, history, items
from congress.programme.proposals import content, queries
from congress.programme.proposals.content import Values
from congress.programme.proposals.models import Proposal
from congress.programme.vocabulary import Action, Part, ProposalState

APPROVED, REJECTED = "proposal_approved", "proposal_rejected"


class NothingProposed(CongressError):
    """What is proposed is what the draft says."""


class ChangedMeanwhile(CongressError):
    """The session, or what is proposed for it, is not as it stood on the page."""


class DecidedAlready(CongressError):
    """The proposal does not wait any more."""


def propose(item: ProgrammeItem, wanted: Values, *, seen: str, remark: str, by: str, now: datetime) -> Proposal | None:
    """Propose these values for a session, instead of the proposal that waits. None: the waiting one was taken back by it.

    ``seen`` is the fingerprint of what the page showed. Raises ChangedMeanwhile, NothingProposed.
    """
    item = lock(item)
    before, waiting = queries.values(item), queries.waiting_of(item)
    if seen != content.fingerprint(before, waiting.id if waiting else None):
        raise ChangedMeanwhile(_("Somebody else has changed this session in the meantime. Below is what you entered; send it again to propose it."))  # fmt: skip
    after = content.changed(before, wanted)
    if not after and waiting is None:
        raise NothingProposed(_("Nothing differs from the draft, so there is nothing to propose."))
    if waiting is not None:
        _end(waiting, ProposalState.REPLACED, by=by, now=now)
    if not after:
        return None
    made = Proposal(
        item=item, content={"before": before, "after": after}, remark=remark, proposed_by=by, proposed_at=now
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def approve(proposal: Proposal, *, seen: str, language: str, by: str, now: datetime) -> None:
    """Put what is proposed into the draft, and tell who proposed it.

    Raises DecidedAlready, and ChangedMeanwhile where the session is not as it stood on the page (``seen``).
    """
    item = _hold(proposal)
    if seen != content.fingerprint(queries.values(item), proposal.id):
        raise ChangedMeanwhile(_("Somebody else has changed this session in the meantime. Look at it again, then decide."))
    before = history.snapshot(item)
    _apply(item, proposal.content["after"])
    db.session.flush()
    history.note(item, before, Action.APPROVED, by=by, now=now)
    counting.count(item, now=now)
    _end(proposal, ProposalState.APPROVED, by=by, now=now)
    _tell(proposal, APPROVED, language, now)


def reject(proposal: Proposal, *, reason: str, language: str, by: str, now: datetime) -> None:
    """Leave the draft as it is, and tell who proposed it why. Raises DecidedAlready."""
    _hold(proposal)
    proposal.reason = reason
    _end(proposal, ProposalState.REJECTED, by=by, now=now)
    _tell(proposal, REJECTED, language, now)


def _hold(proposal: Proposal) -> ProgrammeItem:
    """Lock the session, then see what has become of the proposal."""
    item = lock(proposal.item)
    lock(proposal)
    if proposal.state is not ProposalState.WAITING:
        raise DecidedAlready(_("Somebody has decided about this proposal already, or it was replaced by a later one."))
    return item


def _end(proposal: Proposal, state: ProposalState, *, by: str, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, now
    db.session.flush()  # one proposal of a session waits at a time: this one must have ended before the next one begins


def _apply(item: ProgrammeItem, after: Values) -> None:
    wanted = content.merged(queries.values(item), after)
    texts = {name: Localised(wanted[name]) for name in ("titles", "descriptions")}
    items.write(item, {**texts, "takes_guests": wanted["takes_guests"]})
    if "contributors" in after:
        known = {each.id: each for each in item.contributors}
        # A city that an organiser has taken out since is nobody by itself.
        wanted_people = [each for each in after["contributors"] if each["name"] or each["id"] in known]
        item.contributors = [_contributor(known.get(each["id"]), each) for each in wanted_people]
        item.contributors.reorder()  # type: ignore[attr-defined]


def _contributor(known: Contributor | None, wanted: Values) -> Contributor:
    """Consent to be named stays with the person: who is new, or has another name now, has not given it."""
    found = known or Contributor()
    if known is not None and not content.is_same_person(known.printed, wanted["name"]):
        found.may_be_named, found.speaker = False, None
    found.part, found.name, found.minutes = Part(wanted["part"]), wanted["name"], wanted["minutes"]
    return found


def _tell(proposal: Proposal, template: str, language: str, now: datetime) -> None:
    enqueue(
        Letter(
            key=f"proposal-{proposal.id}", to=proposal.proposed_by, template=template, language=language,
            congress=proposal.item.congress_id, facts={"proposal": proposal.id},
        ),
        now=now,
    )  # fmt: skip
