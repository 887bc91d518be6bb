"""Seats, the waiting list, offers, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from congress.core.db import db
from congress.events import queries, services
from congress.events.models import SignUp
from congress.events.refusals import NoSeats, SignUpsClosed
from congress.events.rules import Seats
from congress.events.states import SignUpState
from congress.outbox.models import Message
from tests.events.arranged import a_visitor, confirmed, mails, make_sign_up, states, the_event
from tests.factories import NOW, the_congress, the_item, utc

KEY = "test-only-key-0123456789-abcdefghijklmnop"
UNCONFIRMED, TAKEN, WAITING, OFFERED, CANCELLED, LAPSED = (
    SignUpState.UNCONFIRMED, SignUpState.TAKEN, SignUpState.WAITING, SignUpState.OFFERED, SignUpState.CANCELLED, SignUpState.LAPSED,
)  # fmt: skip
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_sign_up_holds_its_seats_from_the_form_on_and_is_told_by_mail(undone):
    event = the_event(10)

    first = make_sign_up(event, 4)
    services.confirm(first, now=NOW)
    second = make_sign_up(event, 3)

    assert states(first, second) == [(TAKEN, 4), (UNCONFIRMED, 3)]
    assert mails(first, second) == [["sign_up_confirm", "sign_up_taken"], ["sign_up_confirm"]]
    assert queries.seats(event) == Seats(most=10, held=7, unconfirmed=3, waiting=0, groups_waiting=0)


def test_one_form_sent_twice_is_one_sign_up_and_one_mail(undone):
    event, visitor = the_event(), a_visitor(2)

    made = [services.sign_up(event, visitor, key=KEY, now=NOW) for _time in range(2)]

    assert made[0] is made[1]
    assert mails(made[0]) == [["sign_up_confirm"]]


def test_a_form_corrected_with_the_back_button_is_another_sign_up(undone):
    event, visitor = the_event(), a_visitor(2)
    wrong = services.sign_up(event, visitor, key=KEY, now=NOW)

    right = services.sign_up(event, a_visitor(2, submission=visitor.submission), key=KEY, now=NOW)

    assert right is not wrong
    assert states(wrong, right) == [(UNCONFIRMED, 2), (UNCONFIRMED, 2)]


def test_an_address_that_signs_up_again_keeps_what_it_has_and_is_told_once_a_day(undone):
    event = the_event()
    made = confirmed(event, 2, email="Ada@Mail.example")

    for hours in (1, 2, 25):
        again = services.sign_up(event, a_visitor(4, email="ada@mail.EXAMPLE"), key=KEY, now=NOW + hours * HOUR)
        assert again is made

    assert states(made) == [(TAKEN, 2)]
    assert mails(made) == [["sign_up_confirm", "sign_up_taken", "sign_up_again", "sign_up_again"]]


def test_a_form_sent_again_after_its_sign_up_was_cancelled_does_not_bring_it_back(undone):
    event, visitor = the_event(), a_visitor()
    made = services.sign_up(event, visitor, key=KEY, now=NOW)
    services.cancel(made, now=NOW)

    assert services.sign_up(event, visitor, key=KEY, now=NOW) is made
    assert states(made) == [(CANCELLED, 1)]
    assert states(make_sign_up(event, email=visitor.email)) == [(UNCONFIRMED, 1)]


def test_who_finds_no_seat_waits_from_the_confirmation_on(undone):
    event = the_event(2)
    confirmed(event, 2)
    slow, quick = make_sign_up(event), make_sign_up(event)

    services.confirm(quick, now=NOW + HOUR)
    services.confirm(slow, now=NOW + 2 * HOUR)

    assert states(slow, quick) == [(WAITING, 1), (WAITING, 1)]
    assert [queries.position(each) for each in (quick, slow)] == [1, 2]
    assert mails(slow) == [["sign_up_confirm", "sign_up_waiting"]]


def test_who_confirms_after_seats_became_free_has_them(undone):
    event = the_event(2)
    holder = confirmed(event, 2)
    late = make_sign_up(event, 2)
    services.cancel(holder, now=NOW)

    services.confirm(late, now=NOW + HOUR)

    assert states(holder, late) == [(CANCELLED, 2), (TAKEN, 2)]


def test_freed_seats_go_to_those_who_wait_in_order_and_nobody_passes_a_group(undone):
    event = the_event(4)
    holder = confirmed(event, 4)
    first, group, last = confirmed(event, 1), confirmed(event, 3), confirmed(event, 1)

    services.change_people(holder, 1, now=NOW)

    assert states(holder, first, group, last) == [(TAKEN, 1), (TAKEN, 1), (WAITING, 3), (WAITING, 1)]
    assert (queries.seats(event).free, queries.position(group), queries.position(last)) == (2, 1, 2)
    services.cancel(first, now=NOW)
    assert states(group, last) == [(TAKEN, 3), (WAITING, 1)]
    assert mails(group) == [["sign_up_confirm", "sign_up_waiting", "sign_up_taken"]]


def test_who_comes_now_does_not_take_the_seats_that_a_group_waits_for(undone):
    event = the_event(4)
    holder = confirmed(event, 4)
    group = confirmed(event, 3)
    services.change_people(holder, 3, now=NOW)

    newcomer = confirmed(event, 1)

    assert states(group, newcomer) == [(WAITING, 3), (WAITING, 1)]


def test_a_group_that_would_come_with_fewer_gets_what_there_is(undone):
    event = the_event(5)
    now_there = confirmed(event, 3)
    at_once = confirmed(event, 4, accepts_fewer=True)
    waiting = confirmed(event, 4, accepts_fewer=True)
    services.change_people(now_there, 2, now=NOW)

    assert states(at_once, waiting) == [(TAKEN, 2), (TAKEN, 1)]
    asked = [db.session.scalar(select(Message.facts).where(Message.key == f"sign-up-taken-{waiting.id}"))]
    assert asked == [{"sign_up": waiting.id, "has_waited": True, "asked": 4}]


def test_where_the_organisers_say_so_a_freed_seat_is_an_offer_that_ends(undone):
    event = the_event(1, offer_hours=24)
    holder, first, second = confirmed(event), confirmed(event), confirmed(event)
    services.cancel(holder, now=NOW)
    assert (states(first, second), first.offered_until) == ([(OFFERED, 1), (WAITING, 1)], NOW + DAY)

    assert services.lapse(event, now=NOW + DAY - HOUR) == 0
    assert services.lapse(event, now=NOW + DAY) == 1

    assert states(first, second) == [(LAPSED, 1), (OFFERED, 1)]
    assert mails(first)[0][-2:] == ["sign_up_offered", "sign_up_lapsed"]
    services.accept(second, now=NOW + DAY + HOUR)
    assert (states(second), second.offered_until) == ([(TAKEN, 1)], None)


def test_an_offer_taken_too_late_has_lapsed_even_before_anybody_looked(undone):
    event = the_event(1, offer_hours=1)
    holder, late, next_one = confirmed(event), confirmed(event), confirmed(event)
    services.cancel(holder, now=NOW)

    services.accept(late, now=NOW + HOUR)

    assert states(late, next_one) == [(LAPSED, 1), (OFFERED, 1)]


def test_what_nobody_confirms_in_48_hours_lapses_without_a_mail_and_the_next_is_served(undone):
    event = the_event(2)
    forgotten, waiting = make_sign_up(event, 2), confirmed(event, 2)
    assert queries.items_with_due(NOW + 2 * DAY - HOUR) == []
    assert queries.items_with_due(NOW + 2 * DAY) == [event.id]

    assert services.lapse_due(event.id, NOW + 2 * DAY) == 1

    assert states(forgotten, waiting) == [(LAPSED, 2), (TAKEN, 2)]
    assert mails(forgotten) == [["sign_up_confirm"]]
    services.confirm(forgotten, now=NOW + 2 * DAY)
    assert states(forgotten) == [(LAPSED, 2)]


def test_more_people_come_only_where_there_is_room_and_nobody_waits(undone):
    event = the_event(5)
    event.most_per_sign_up = 4
    mine = confirmed(event, 2)
    services.change_people(mine, 4, now=NOW)
    with pytest.raises(NoSeats, match="at most 4 people"):
        services.change_people(mine, 5, now=NOW)
    other = confirmed(event, 1)
    with pytest.raises(NoSeats, match="no more free places"):
        services.change_people(other, 2, now=NOW)
    services.change_people(mine, 3, now=NOW)
    confirmed(event, 4)
    with pytest.raises(NoSeats, match="Others wait"):
        services.change_people(other, 2, now=NOW)
    assert states(mine, other) == [(TAKEN, 3), (TAKEN, 1)]


def test_a_waiting_group_that_gets_smaller_is_served_if_it_fits_now(undone):
    event = the_event(3)
    confirmed(event, 1)
    group = confirmed(event, 4)
    with pytest.raises(NoSeats, match="once you have your places"):
        event.most_per_sign_up = 9
        services.change_people(group, 5, now=NOW)

    services.change_people(group, 2, now=NOW)

    assert states(group) == [(TAKEN, 2)]


@pytest.mark.parametrize("number", [0, -1, 5, 10**9])
def test_more_people_than_one_may_bring_are_refused(undone, number: int):
    with pytest.raises(NoSeats, match="at most 4 people"):
        make_sign_up(the_event(), number)
    assert db.session.scalar(select(func.count()).select_from(SignUp)) == 0


def test_sign_ups_close_and_those_who_wait_are_still_served(undone):
    event = the_event(1)
    holder, waiting = confirmed(event), confirmed(event)
    services.close(event, now=NOW)
    with pytest.raises(SignUpsClosed):
        make_sign_up(event, now=NOW)

    services.cancel(holder, now=NOW + HOUR)
    assert states(waiting) == [(TAKEN, 1)]
    services.open_again(event, now=NOW + HOUR)
    assert states(make_sign_up(event)) == [(UNCONFIRMED, 1)]


def test_nothing_is_given_away_or_confirmed_once_the_event_is_over(undone):
    over = utc(2018, 6, 13, 18, 0)
    event = the_event(1)
    holder, waiting, forgotten = confirmed(event), confirmed(event), make_sign_up(event, now=over - HOUR)

    services.cancel(holder, now=over)

    assert states(waiting) == [(WAITING, 1)]
    with pytest.raises(SignUpsClosed, match="over"):
        services.confirm(forgotten, now=over)


def test_an_event_without_limit_takes_everybody(undone):
    event = the_event(None)
    assert states(confirmed(event, 4), confirmed(event, 4)) == [(TAKEN, 4), (TAKEN, 4)]
    event.public_places = 8
    group = confirmed(event, 2)
    event.public_places = None
    services.open_again(event, now=NOW)
    assert states(group) == [(TAKEN, 2)]


def test_at_the_door_free_seats_are_given_without_an_address_and_without_a_mail(undone):
    event = the_event(3)
    before = db.session.scalar(select(func.count()).select_from(Message))

    made = [services.add_walk_in(event, name, 1, language="pl", key=KEY, now=NOW) for name in ("Łukasz", "Lena")]

    assert (states(*made), queries.seats(event).free) == ([(TAKEN, 1), (TAKEN, 1)], 1)
    with pytest.raises(NoSeats, match="only 1 free place"):
        services.add_walk_in(event, "Maja", 2, language="pl", key=KEY, now=NOW)
    services.cancel(made[0], now=NOW, by_organisers=True)
    assert db.session.scalar(select(func.count()).select_from(Message)) == before


def test_a_changed_key_ends_the_old_link_and_makes_a_new_one(undone):
    made = make_sign_up(the_event())
    old = services.link_token(made, undone.config["SECRET_KEY"])
    new = services.link_token(made, "another-key-0123456789-abcdefghijklmnop")
    assert [queries.find_by_link(token) for token in (old, new)] == [None, made]


def test_seats_of_other_events_are_others(undone):
    event, other = the_event(1), the_event(1, code="P048")
    assert states(confirmed(event), confirmed(other)) == [(TAKEN, 1), (TAKEN, 1)]
    assert the_item("P048") is other


def test_sign_ups_are_kept_for_thirty_days_after_the_congress_and_after_their_event(undone):
    congress, debate, festival = (
        the_congress(),
        the_event(),
        the_event(code="P053"),
    )  # on 15 and 16 June, the congress ends on the 15th
    confirmed(debate)
    confirmed(festival)
    last = utc(2018, 6, 16, 21)  # when the festival is over

    kept = [
        services.delete_old(congress, now=moment) for moment in (utc(2018, 7, 15, 12), last + 30 * DAY - HOUR, last + 30 * DAY)
    ]

    assert kept == [0, 1, 1]
    assert db.session.scalar(select(func.count()).select_from(SignUp)) == 0
