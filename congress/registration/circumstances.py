"""What decides whether a registration can be sent, and what else that needs: asked in one statement, under the locks.

Where nothing is there (no windows, no questions, nobody who waits, nothing chosen before), nothing more is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, exists, select

from congress.core.db import ask, one_of
from congress.delegates.models import Window
from congress.registration import places
from congress.registration.models import Booking, Consent, Registration
from congress.registration.questions.models import Question
from congress.registration.states import SENT
from congress.registration.vocabulary import ConsentKind


@dataclass(frozen=True)
class Circumstances:
    """``known``: the id of the registration that the same person has sent."""

    known: int | None
    agrees: bool  # to that without which nothing can be sent
    has_windows: bool
    has_questions: bool
    is_awaited: bool  # somebody waits for a place at the congress
    has_chosen: bool  # sessions
    has_room: bool  # a place is free for this person


_CONGRESS: BindParameter[int] = bindparam("congress")
_REGISTRATION: BindParameter[int] = bindparam("registration")
_SENT_BY = select(Registration.id).where(
    Registration.congress_id == _CONGRESS, Registration.identity == bindparam("identity"), one_of(Registration.state, *SENT)
)
_AROUND = places.LIMITS.add_columns(
    _SENT_BY.scalar_subquery(),
    exists().where(
        Consent.registration_id == _REGISTRATION, one_of(Consent.kind, ConsentKind.PRIVACY), Consent.withdrawn_at.is_(None)
    ),
    exists().where(Window.congress_id == _CONGRESS),
    exists().where(Question.congress_id == _CONGRESS, Question.is_required, Question.is_retired.is_(False)),
    exists().where(places.in_queue(_CONGRESS)),
    exists().where(Booking.registration_id == _REGISTRATION),
)


def around(registration: Registration) -> Circumstances:
    """As it is now."""
    delegate = registration.delegate
    row = ask(_AROUND, **places.values_for(delegate), registration=registration.id, identity=registration.identity).one()
    is_full = any(each.is_reached for each in places.limits_in(row, delegate))
    known, agrees, has_windows, has_questions, is_awaited, has_chosen = row[-6:]
    return Circumstances(
        known, bool(agrees), bool(has_windows), bool(has_questions), bool(is_awaited), bool(has_chosen), has_room=not is_full
    )
