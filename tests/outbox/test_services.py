"""Mail is queued once, carried once, tried again, given up."""

from __future__ import annotations

import smtplib
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from congress.core.db import begin_writing, db
from congress.outbox import services
from congress.outbox.answers import Refused
from congress.outbox.models import Message, MessageState
from tests.factories import NOW
from tests.statements import statements

START = NOW + timedelta(days=1)


def queue(*keys: str, now=START) -> None:
    for key in keys:
        services.enqueue(
            services.Letter(key=key, to=f"{key}@city.example", template="letter", language="en", facts={"n": key}), now=now
        )
    db.session.commit()


def message(key: str) -> Message:
    return db.session.scalars(select(Message).where(Message.key == key)).one()


def state(key: str) -> tuple[MessageState, int, object, str]:
    found = message(key)
    return found.state, found.attempts, found.due_at, found.last_error


@pytest.fixture
def carried() -> list[str]:
    return []


def test_the_same_key_is_queued_once(context):
    queue("a", "a", "b")
    queue("a", now=START + timedelta(days=1))
    found = db.session.execute(select(Message.key, Message.queued_at).where(Message.template == "letter").order_by(Message.key))
    assert [tuple(row) for row in found] == [("a", START), ("b", START)]


def test_the_database_itself_refuses_a_second_message_of_a_key(context):
    queue("a")
    values = {
        "recipient": "x@y.example",
        "template": "letter",
        "language": "en",
        "facts": {},
        "queued_at": START,
        "due_at": START,
    }
    db.session.add(Message(key="a", **values))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_what_was_rolled_back_is_never_carried(context, carried):
    services.enqueue(services.Letter(key="a", to="a@city.example", template="letter", language="en", facts={}), now=START)
    db.session.rollback()
    assert (services.deliver_due(lambda each: carried.append(each.key), now=START), carried) == (0, [])


def test_due_messages_are_carried_once_in_the_order_in_which_they_are_due(context, carried):
    queue("later", now=START + timedelta(hours=1))
    queue("b", "a")
    now = START + timedelta(hours=1)
    assert services.deliver_due(lambda each: carried.append(each.key), now=now) == 3
    assert services.deliver_due(lambda each: carried.append(each.key), now=now) == 0
    assert (carried, state("a"), message("a").sent_at) == (
        ["b", "a", "later"], (MessageState.SENT, 1, now + services.LEASE, ""), now,
    )  # fmt: skip


def test_what_is_not_due_stays(context, carried):
    queue("a")
    assert services.deliver_due(lambda each: carried.append(each.key), now=START - timedelta(seconds=1)) == 0
    assert (carried, state("a")) == ([], (MessageState.QUEUED, 0, START, ""))


def test_not_more_than_agreed_are_carried_at_a_time(context, carried):
    queue("a", "b", "c")
    assert services.deliver_due(lambda each: carried.append(each.key), now=START, limit=2) == 2
    assert carried == ["a", "b"]


def test_a_carrier_that_raises_leaves_the_others_going(context, carried):
    queue("a", "bad", "c")

    def carry(each: Message) -> None:
        if each.key == "bad":
            raise OSError("the server hung up")
        carried.append(each.key)

    assert (services.deliver_due(carry, now=START), carried) == (2, ["a", "c"])
    assert state("bad") == (MessageState.QUEUED, 1, START + timedelta(minutes=1), "OSError: the server hung up")


def test_what_a_failing_carrier_wrote_is_undone(context):
    queue("bad")

    def carry(each: Message) -> None:
        each.language = "pl"
        db.session.flush()
        raise ValueError

    services.deliver_due(carry, now=START)
    assert message("bad").language == "en"


def test_a_long_reason_is_cut(context):
    queue("bad")

    def carry(_each: Message) -> None:
        raise OSError("x" * 1000)

    services.deliver_due(carry, now=START)
    assert message("bad").last_error == f"OSError: {'x' * 291}"


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (10, 512), (11, 720), (12, 720), (500, 720)]
)
def test_the_delay_doubles_up_to_twelve_hours(attempts, minutes):
    assert services.retry_delay(attempts) == timedelta(minutes=minutes)


def test_after_two_days_and_fourteen_attempts_it_is_given_up(context, carried):
    queue("bad")

    def carry(each: Message) -> None:
        carried.append(each.key)
        raise OSError("no")

    now, waited = START, []
    while message("bad").state is MessageState.QUEUED and len(waited) < 20:
        now = message("bad").due_at
        waited.append(now - START)
        services.deliver_due(carry, now=now)
    assert (len(carried), message("bad").state, message("bad").attempts) == (14, MessageState.FAILED, 14)
    assert waited == [
        *(timedelta(minutes=2**number - 1) for number in range(11)),
        *(timedelta(minutes=1023 + 720 * more) for more in (1, 2, 3)),
    ]
    assert waited[-1] > timedelta(days=2)
    assert services.deliver_due(carry, now=now + timedelta(days=30)) == 0


def test_a_message_whose_worker_died_is_carried_again_after_the_lease(context, carried):
    queue("a")

    class Died(BaseException):
        """The process ends in the middle."""

    def die(_each: Message) -> None:
        raise Died

    with pytest.raises(Died):
        services.deliver_due(die, now=START)
    db.session.rollback()
    for now in (START, START + services.LEASE - timedelta(seconds=1), START + services.LEASE):
        services.deliver_due(lambda each, now=now: carried.append((each.key, now)), now=now)
    assert (carried, message("a").attempts) == ([("a", START + services.LEASE)], 2)


def work(app, carry, workers: int) -> None:
    """Several workers look into the outbox at the same moment."""
    barrier = threading.Barrier(workers)
    problems = []

    def run() -> None:
        with app.app_context():
            try:
                barrier.wait(10)
                services.deliver_due(carry, now=START)
            except Exception as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _each in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def test_two_workers_never_carry_the_same_message(context, carried):
    keys = [f"k{number:02}" for number in range(15)]
    queue(*keys)
    work(context, lambda each: carried.append(each.key), 4)
    assert (sorted(carried), db.session.scalar(select(func.sum(Message.attempts)).where(Message.template == "letter"))) == (
        keys,
        15,
    )


def test_without_the_lease_two_workers_carry_the_same_message(context, carried, monkeypatch):
    def no_lease(message_id: int, _now: object) -> bool:
        begin_writing()
        db.session.execute(update(Message).where(Message.id == message_id).values(attempts=Message.attempts + 1))
        db.session.commit()
        return True

    monkeypatch.setattr(services, "_lease", no_lease)
    queue(*(f"k{number:02}" for number in range(15)))
    work(context, lambda each: carried.append(each.key), 4)
    assert len(carried) > 15


def test_what_nobody_wants_any_more_is_dropped_for_good(context, carried):
    queue("a", "b")

    def carry(each: Message) -> None:
        if each.key == "a":
            raise services.NotWanted("the person has left")
        carried.append(each.key)

    assert services.deliver_due(carry, now=START) == 1
    assert services.deliver_due(carry, now=START + timedelta(days=3)) == 0
    assert (carried, message("a").sent_at, message("a").last_error) == (["b"], None, "the person has left")
    assert message("a").state is MessageState.DROPPED


def test_what_comes_too_early_waits_and_this_is_no_attempt(context, carried):
    queue("a")

    def carry(_each: Message) -> None:
        raise services.TooEarly

    now = START
    for _again in range(2 * services.GIVE_UP_AFTER):
        assert services.deliver_due(carry, now=now) == 0
        now += timedelta(minutes=1)
        assert state("a") == (MessageState.QUEUED, 0, now, "")
    assert services.deliver_due(lambda each: carried.append(each.key), now=now) == 1


def test_many_are_queued_in_a_few_statements_and_none_twice(context):
    letters = [
        services.Letter(key=f"k{number}", to="a@city.example", template="letter", language="en", facts={"n": number})
        for number in range(1200)
    ]
    queue("k7", "k1199")
    with statements() as asked:
        assert services.enqueue_all(letters, now=START) == 1198
    assert len([each for each in asked if each.startswith("SELECT")]) == 3
    assert (services.enqueue_all(letters, now=START), len(services.messages(each.key for each in letters))) == (0, 1200)


def test_a_slow_batch_leases_each_message_from_the_moment_at_which_it_is_taken(context, monkeypatch):
    """Or its last ones would be anybody's while they are being carried."""
    queue("a", "b")
    spent = iter([0, 0, 540, 540, 1080])
    monkeypatch.setattr(services, "monotonic", lambda: next(spent))
    leased = []
    services.deliver_due(lambda each: leased.append(each.due_at), now=START)
    assert leased == [START + services.LEASE, START + timedelta(seconds=540) + services.LEASE]


def test_what_was_given_up_is_tried_anew_and_what_left_is_sent_as_another_mail_once(context, carried):
    queue("a")
    services.deliver_due(lambda each: carried.append(each.key), now=START)
    for _pressed_twice in range(2):
        services.send_again(message("a"), form="one-form", now=START)
    queue("b")
    message("b").state, message("b").attempts = MessageState.FAILED, services.GIVE_UP_AFTER
    services.send_again(message("b"), form="one-form", now=START)
    services.send_again(message("a-again-one-form"), form="another", now=START)
    db.session.commit()
    services.deliver_due(lambda each: carried.append(each.key), now=START)
    assert carried == ["a", "a-again-one-form", "b"]
    assert services.send_again(message("a-again-one-form"), form="another", now=START).key == "a-again-another"


def test_a_cancelled_mail_never_leaves_even_if_a_worker_was_at_it_and_failed(context, carried):
    queue("a", "b")
    assert services.cancel(message("a"), why="cancelled by olga@krakowice.example")
    db.session.commit()

    def carry(each: Message) -> None:
        carried.append(each.key)
        begin_writing()
        services.cancel(message("b"), why="cancelled meanwhile")
        db.session.commit()
        raise OSError("no")

    services.deliver_due(carry, now=START)
    services.deliver_due(carry, now=START + timedelta(days=1))
    assert (carried, [message(key).state for key in "ab"]) == (["b"], [MessageState.DROPPED] * 2)
    assert [message(key).last_error for key in "ab"] == ["cancelled by olga@krakowice.example", "cancelled meanwhile"]
    assert services.cancel(message("a"), why="again") is False


def test_what_the_server_refuses_for_good_is_given_up_at_once_and_can_be_tried_anew(context, caplog):
    queue("bad", "good")

    def carry(each: Message) -> None:
        if each.key == "bad":
            raise Refused("address", 550, "5.1.1 No such person")

    assert services.deliver_due(carry, now=START) == 1
    assert state("bad")[:2] == (MessageState.REFUSED, 1)
    assert message("bad").last_error == "refused address: 550 5.1.1 No such person"
    assert [each.getMessage() for each in caplog.records] == [f"message {message('bad').id} refused for good: 550"]
    assert services.deliver_due(carry, now=START + timedelta(days=3)) == 0
    services.send_again(message("bad"), form="x", now=START)
    assert state("bad")[:2] == (MessageState.QUEUED, 0)


def test_no_address_is_kept_beside_what_went_wrong(context):
    queue("bad")

    def carry(each: Message) -> None:
        raise smtplib.SMTPRecipientsRefused({each.recipient: (450, b"4.2.0 Later")})

    services.deliver_due(carry, now=START)
    assert message("bad").last_error == "SMTPRecipientsRefused: {'…': (450, b'4.2.0 Later')}"
