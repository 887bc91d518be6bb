"""Writes about delegations themselves; their people are registrations (see registration.delegations.services)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.sentences import said
from congress.core.tokens import derive_token, digest, random_code
from congress.delegates import queries
from congress.delegates.models import CategoryTerms, Delegation, DelegationEvent, EndedLink
from congress.delegates.refusals import WrongState
from congress.delegates.rules import CODE_LENGTH, plain_code
from congress.delegates.vocabulary import DELEGATION_STATE_LABELS, OF_ORGANISERS, Category, DelegationEventKind, DelegationState
from congress.networks.models import City


def delegation_of(congress: Congress, city: City) -> Delegation:
    """The city's delegation at the congress, made now if nobody needed it before. The caller holds the congress's lock."""
    found = db.session.scalar(select(Delegation).where(Delegation.congress_id == congress.id, Delegation.city_id == city.id))
    if found is None:
        found = Delegation(congress=congress, city=city)
        db.session.add(found)
        db.session.flush()
    return found


def link_token(delegation: Delegation, key: str) -> str:
    """The token of the delegation's link, issued now where there is none or the installation's key has changed. Flushes then."""
    token = derive_token(key, "delegation", delegation.public_id, delegation.link_version)
    if digest(token) != delegation.link_digest:
        if delegation.link_digest is not None:
            _end_link(delegation)
            token = derive_token(key, "delegation", delegation.public_id, delegation.link_version)
        delegation.link_digest = digest(token)
        db.session.flush()
    return token


def log(
    delegation: Delegation, kind: DelegationEventKind, *, by: str, now: datetime, detail: str = "", is_answer: bool = True
) -> None:
    """Write down what happened, and count it as a change of the delegation: whoever edits an older version is told.

    ``is_answer``: whether the city did it, where both it and organisers may.
    """
    if is_answer and kind not in OF_ORGANISERS:
        delegation.active_at = now
    delegation.version += 1
    db.session.flush()
    event = DelegationEvent(
        delegation_id=delegation.id, kind=kind, at=now, by=by, detail=detail[:500], version=delegation.version
    )
    db.session.add(event)
    db.session.flush()


def opened(delegation: Delegation, *, now: datetime) -> None:
    """The focal point has opened the link. Only the first time changes anything."""
    if delegation.state is DelegationState.INVITED:
        delegation.state, delegation.opened_at = DelegationState.OPENED, now
        log(delegation, DelegationEventKind.OPENED, by=delegation.focal_email, now=now)


def mark_invited(delegation: Delegation, *, by: str, now: datetime, detail: str = "") -> None:
    """The city is invited from now on, by whatever way."""
    delegation.state, delegation.invited_at, delegation.active_at = DelegationState.INVITED, now, now
    log(delegation, DelegationEventKind.INVITED, by=by, now=now, detail=detail)


def renew_link(delegation: Delegation, key: str) -> None:
    """Another link from now on; the one before ends."""
    _end_link(delegation)
    delegation.link_digest = digest(derive_token(key, "delegation", delegation.public_id, delegation.link_version))


def _end_link(delegation: Delegation) -> None:
    """Nothing is opened by it from now on, but that it was a link is remembered."""
    if delegation.link_digest is not None:
        db.session.add(EndedLink(digest=delegation.link_digest, delegation_id=delegation.id))
    delegation.link_version, delegation.link_digest = delegation.link_version + 1, None


def issue_link(delegation: Delegation, *, key: str, by: str, now: datetime) -> None:
    """Another link from now on, written down as such."""
    renew_link(delegation, key)
    log(delegation, DelegationEventKind.LINK_ISSUED, by=by, now=now)


def revoke_link(delegation: Delegation, *, by: str, now: datetime) -> None:
    """End the link, and the code that leads to it. Nobody of the city can change anything until another one is issued."""
    if delegation.is_revoked:
        return
    _end_link(delegation)
    delegation.code_digest = None
    log(delegation, DelegationEventKind.LINK_REVOKED, by=by, now=now)


def set_limits(delegation: Delegation, *, most: int | None, least: int | None, reason: str, by: str, now: datetime) -> None:
    """Limits of this city alone, with the reason; both None: those of the congress. Nobody loses a place by it."""
    if most is None and least is None:
        reason = ""
    delegation.max_override, delegation.min_override, delegation.limit_reason = most, least, reason
    log(
        delegation, DelegationEventKind.LIMIT_SET, by=by, now=now, detail=f"{delegation.least}–{delegation.most} {reason}".strip()
    )


def reopen(delegation: Delegation, *, by: str, now: datetime) -> None:
    """Let the city change its delegation again after it was declined, sent or confirmed. Raises WrongState."""
    if delegation.may_be_reminded:
        return
    if delegation.state is DelegationState.NOT_INVITED:
        raise _wrong(delegation)
    delegation.state, delegation.decline_reason, delegation.active_at = DelegationState.DRAFTING, "", now
    log(delegation, DelegationEventKind.REOPENED, by=by, now=now)


def _wrong(delegation: Delegation) -> WrongState:
    state = DELEGATION_STATE_LABELS[delegation.state]
    return WrongState(_("This delegation is “%(state)s”; this cannot be done with it now.", state=state))


def issue_code(delegation: Delegation, *, key: str, by: str, now: datetime) -> str:
    """A code for the letter of invitation, as “ABCD-EFGH”; one issued before ends. It is shown now and never again."""
    code = random_code(CODE_LENGTH)
    delegation.code_digest = code_digest(code, key)
    if delegation.state is DelegationState.NOT_INVITED:
        mark_invited(delegation, by=by, now=now, detail=said("letter"))
    else:
        log(delegation, DelegationEventKind.CODE_ISSUED, by=by, now=now)
    return f"{code[:4]}-{code[4:]}"


def code_digest(code: str, key: str) -> str:
    """What is stored of a code: too short to be stored as a plain digest, it is bound to the installation's key first."""
    return digest(derive_token(key, "delegation-code", plain_code(code), 1))


@dataclass(frozen=True)
class Terms:
    """What holds for a category: whether it is offered, how many of a city, how many altogether (None: as many as want)."""

    is_offered: bool = True
    max_per_city: int | None = None
    max_people: int | None = None


def set_terms(congress: Congress, wanted: Mapping[Category, Terms]) -> None:
    """What holds for each of these categories from now on; who has a place keeps it. The caller holds the congress's lock."""
    known = queries.terms(congress)
    for category, terms in wanted.items():
        row = known.get(category)
        if row is None:
            if terms == Terms():
                continue  # where there is no row, nothing is limited
            row = CategoryTerms(congress_id=congress.id, category=category)
            db.session.add(row)
        row.is_offered, row.max_per_city, row.max_people = terms.is_offered, terms.max_per_city, terms.max_people
    db.session.flush()
