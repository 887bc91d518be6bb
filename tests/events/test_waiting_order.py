"""Whatever people do, seats are never given twice, and nobody passes who has waited longer."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from congress.core.db import db
from congress.core.errors import CongressError
from congress.events import queries, services
from congress.events.models import SignUp
from congress.events.states import ENDED, SignUpState
from tests.events.arranged import a_visitor, the_event
from tests.factories import NOW

SEATS = 6
ACTS = st.one_of(
    st.tuples(st.just("come"), st.integers(1, 4), st.booleans()),
    st.tuples(st.sampled_from(["confirm", "cancel", "accept"]), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("change"), st.integers(0, 30), st.integers(1, 4)),
    st.tuples(st.just("wait"), st.integers(1, 30), st.just(0)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(acts=st.lists(ACTS, min_size=5, max_size=30), offer_hours=st.sampled_from([None, 12]))
def test_seats_are_never_given_twice_and_nobody_passes(undone, acts, offer_hours):
    event, moment = the_event(SEATS, offer_hours=offer_hours), NOW
    waited: dict[int, int] = {}  # when each began to wait, in order
    for act, number, more in acts:
        moment += timedelta(minutes=1)
        made = queries.sign_ups(event)
        before = [each.id for each in queries.waiting(event)]
        if act == "come":
            services.sign_up(event, a_visitor(number, accepts_fewer=more), key="k" * 40, now=moment)
        elif act == "wait":
            moment += timedelta(hours=number)
            services.lapse(event, now=moment)
        elif made:
            one = made[number % len(made)]
            try:
                if act == "change":
                    services.change_people(one, more, now=moment)
                else:
                    getattr(services, act)(one, now=moment)
            except CongressError:
                pass  # refused: everything must still hold
        check(event, before, waited)
    db.session.execute(delete(SignUp).where(SignUp.item_id == event.id))


def check(event, before: list[int], waited: dict[int, int]) -> None:
    """What always holds between two acts."""
    seats, waiting = queries.seats(event), queries.waiting(event)
    assert seats.held <= SEATS
    now_waiting = [each.id for each in waiting]
    for each in now_waiting:
        waited.setdefault(each, len(waited))
    assert now_waiting == sorted(now_waiting, key=waited.__getitem__)
    if waiting:  # seats lie idle only for a group at the head of the list for which they are too few
        first = waiting[0]
        assert seats.free < first.people and (seats.free == 0 or not first.accepts_fewer)
    left = [each for each in before if each not in now_waiting]
    rows = {row.id: row for row in db.session.scalars(select(SignUp).where(SignUp.id.in_(left)))}
    served = [each for each in left if rows[each].state in (SignUpState.TAKEN, SignUpState.OFFERED)]
    staying = [each for each in before if rows.get(each) is None or rows[each].state not in ENDED]
    assert served == staying[: len(served)]
