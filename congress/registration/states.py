"""The states of a registration and which follows which. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a registration is (domain notes, section 5)."""

    INVITED = "invited"  # named by a focal point or by organisers
    STARTED = "started"  # the form is being filled in
    SUBMITTED = "submitted"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


ENDED = (State.REJECTED, State.CANCELLED, State.REPLACED)
LIVE = tuple(state for state in State if state not in ENDED)
TAKES_PART = (State.SUBMITTED, State.CONFIRMED, State.CHECKED_IN)  # what "registered" counts
IS_CONFIRMED = (State.CONFIRMED, State.CHECKED_IN)
SENT = (*TAKES_PART, State.WAITING)  # one person has one of these at a time

_MOVES = {
    State.INVITED: {State.STARTED, State.SUBMITTED, State.WAITING, State.CANCELLED, State.REPLACED},
    State.STARTED: {State.SUBMITTED, State.WAITING, State.CANCELLED, State.REPLACED},
    State.SUBMITTED: {State.CONFIRMED, State.WAITING, State.REJECTED, State.CANCELLED, State.REPLACED},
    State.WAITING: {
        State.INVITED,
        State.STARTED,
        State.SUBMITTED,
        State.CONFIRMED,
        State.REJECTED,
        State.CANCELLED,
        State.REPLACED,
    },
    State.CONFIRMED: {State.SUBMITTED, State.WAITING, State.CHECKED_IN, State.REJECTED, State.CANCELLED, State.REPLACED},
    State.CHECKED_IN: {State.CONFIRMED, State.CANCELLED},
    State.REJECTED: {State.SUBMITTED, State.WAITING, State.CONFIRMED},
    State.CANCELLED: {State.SUBMITTED, State.WAITING, State.CONFIRMED},
    State.REPLACED: {State.SUBMITTED, State.WAITING, State.CONFIRMED},
}


def can_move(before: State, after: State) -> bool:
    """Whether a registration may go from one state to the other; those that ended can come back."""
    return after in _MOVES[before]
