"""What the pages of a delegation share: the delegation behind the link, who edits which version, and the page of all its people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.db import begin_writing, db, lock
from congress.core.errors import CongressError
from congress.core.languages import of_readers
from congress.delegates import queries as delegates
from congress.delegates import services
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.vocabulary import Category, DelegationState
from congress.feeds import services as feeds
from congress.registration.delegations import queries
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import ChangedMeanwhile, Edit, NotReady
from congress.registration.delegations.queries import Member
from congress.registration.models import Registration
from congress.registration.questions import answers
from congress.registration.questions.models import Question
from congress.web.forms import sent_number


def find(token: str) -> Delegation:
    """The delegation that the link opens; 410 with whom to ask for a link that was revoked or replaced, 404 for one that never was."""
    delegation = delegates.find_by_link(token)
    if delegation is None:
        g.congress = delegates.find_congress_of_ended_link(token)
        abort(make_response(render_template("my/delegation/ended.html"), 410) if g.congress else 404)
    g.congress = delegation.congress
    return delegation


def load(token: str) -> Delegation:
    """The delegation that the link opens (see find); the first time is written down."""
    delegation = find(token)
    g.token = token
    if delegation.state is DelegationState.INVITED and request.method == "GET":
        begin_writing()
        services.opened(lock(delegation), now=now())
        db.session.commit()
    return delegation


def load_person(delegation: Delegation, registration_id: int) -> Registration:
    """One of the delegation's people; of nobody else is anything told."""
    registration = queries.find_person(delegation, registration_id)
    if registration is None:
        abort(404)
    return registration


def edit_of(delegation: Delegation) -> Edit:
    """Who edits which version: whoever holds the link, and what the page showed."""
    return Edit(sent_number("version"), delegation.focal_email or delegation.city.slug, now())


def languages() -> dict[str, str]:
    """The languages in which the congress can write to people, by code."""
    return of_readers(g.congress.languages)


@dataclass(frozen=True)
class Page:
    """The people of a delegation as the page shows them."""

    members: list[Member]  # without those who registered alone
    alone: list[Member]
    counted: int
    unsent: list[Member]
    unlinked: list[Member]  # to whom no link was sent
    unanswered: dict[int, list[Question]]  # questions of the organisers, by registration
    not_ready: list[str]
    is_open: bool
    has_earlier: bool
    history: Sequence[DelegationEvent]


def page_of(delegation: Delegation) -> Page:
    """Everything the page of the delegation shows."""
    congress, members = delegation.congress, queries.members(delegation)
    own = [each for each in members if not each.registration.awaits_focal_point]
    registrations = [each.registration for each in own]
    return Page(
        members=own,
        alone=[each for each in members if each.registration.awaits_focal_point],
        counted=queries.counted(registrations),
        unsent=[each for each in own if each.is_unsent],
        unlinked=[each for each in own if each.is_unsent and not each.is_written_to],
        unanswered=unanswered(registrations),
        not_ready=delegations.not_ready(delegation, registrations),
        is_open=congress.is_registration_open(now()),
        has_earlier=queries.earlier_congress(delegation) is not None,
        history=queries.events(delegation),
    )


def unanswered(registrations: Sequence[Registration]) -> dict[int, list[Question]]:
    """What the organisers asked and these people have not answered, by registration; of a mayor nothing is asked."""
    return answers.unanswered([each for each in registrations if each.delegate.category is not Category.MAYOR])


def show(
    delegation: Delegation, *, changes: Sequence[DelegationEvent] = (), problems: Sequence[str] = (), refusal: str = ""
) -> str:
    """The page of the delegation, with what stood in the way of the last action."""
    return render_template(
        "my/delegation/show.html",
        delegation=delegation, token=g.token, page=page_of(delegation), changes=changes, problems=problems, refusal=refusal,
    )  # fmt: skip


def act(delegation: Delegation, do: Callable[[Edit], str]) -> ResponseReturnValue:
    """What one button does; ``do`` gives the sentence that says so. What is refused changes nothing."""
    try:
        said = do(edit_of(delegation))
    except ChangedMeanwhile as changed:
        db.session.rollback()
        return show(delegation, changes=changed.changes, refusal=str(changed)), 409
    except NotReady as refusal:
        db.session.rollback()
        return show(delegation, problems=refusal.reasons), 422
    except CongressError as refusal:
        db.session.rollback()
        return show(delegation, refusal=str(refusal)), 409
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("my.delegation.show", token=g.token), 303)


def end_calendars(people: Sequence[Registration]) -> None:
    """The secret calendars of those who are no longer there."""
    for each in people:
        feeds.revoke_calendar_tokens(each, now=now())
