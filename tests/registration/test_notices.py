"""Who is told what of a release, and that nobody is told of one thing twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Category
from congress.outbox.models import Message, MessageState
from congress.outbox.services import TooEarly
from congress.programme import queries as programme
from congress.programme import services as programmes
from congress.programme.models import Release
from congress.programme.vocabulary import Kind
from congress.registration import notices, queries, services
from congress.registration.bookings import services as bookings
from congress.registration.changes import own_changes
from congress.registration.models import Registration
from tests.conftest import DELEGATES
from tests.factories import NOW, make_registration, make_session, the_congress, the_item, the_placement, utc
from tests.statements import statements

LATER = NOW + timedelta(hours=1)


def rename(code: str, title: str) -> None:
    the_item(code).titles = Localised(the_item(code).titles, en=title)


def release(*, now=NOW, tell: bool = True) -> Release:
    made, _changes = programmes.release_programme(the_congress(), note=Localised(), by="", now=now)
    if tell:
        notices.tell_people(the_congress(), made, now=now)
    return made


def digests(made: Release) -> list[Message]:
    found = db.session.scalars(select(Message).where(Message.template == notices.TEMPLATE).order_by(Message.id))
    return [each for each in found if each.facts["release"] == made.id]


def facts(made: Release) -> dict[str, int]:
    """What every digest of a release carries of it."""
    return next((each.facts for each in digests(made)), {"release": made.id})


def told(registration: Registration, made: Release) -> list[tuple[str, tuple[str, ...], str, str, int]]:
    """What the digest would say now: code, kinds, title before and after, sequence."""
    return [
        (
            each.after.code, each.kinds, each.before.titles["en"] if each.before else "",
            each.after.titles["en"], each.after.sequence,
        )
        for each in notices.news(registration, facts(made), now=NOW).changes
    ]  # fmt: skip


def sent(registration: Registration, made: Release, state: MessageState = MessageState.SENT) -> None:
    """The digest leaves now, as the mail would mark it."""
    (message,) = [each for each in digests(made) if each.facts["registration"] == registration.id]
    message.facts = {**message.facts, "up_to": notices.news(registration, facts(made), now=NOW).up_to}
    message.state = state
    db.session.flush()


OPENING = "Opening ceremony with welcome concert"
REPORT = "Plenary: Secretariat's report and the Network's strategy and operations"


def test_everybody_with_a_changed_entry_is_told_once_in_the_own_language(undone):
    polish = make_registration(language="pl", email="ola@lodz.example")
    press = make_registration(category=Category.PRESS)
    rename("P024", "Reports")
    made = release()
    found = {each.facts["registration"]: each for each in digests(made)}
    message = found[polish.id]
    assert (message.key, message.recipient, message.language) == (f"release-{made.id}-{polish.id}", "ola@lodz.example", "pl")
    assert message.facts == {"registration": polish.id, "release": made.id}
    assert (len(found), press.id in found) == (DELEGATES + 1, False)
    assert made.are_people_told is True


def test_who_chose_a_session_is_told_of_it(undone):
    chooser, other = make_registration(), make_registration()
    bookings.choose(chooser, the_item("P037"), now=NOW)
    rename("P037", "Workshop of paper")
    assert [each.facts["registration"] for each in digests(release())] == [chooser.id]
    assert other.is_live


def test_everybody_is_told_what_the_rule_says_for_that_person_alone(undone):
    """However many people are looked at together."""
    for code in ("P037", "P038"):
        bookings.choose(make_registration(), the_item(code), now=NOW)
    make_registration(category=Category.PRESS)
    rename("P022", "Grand opening")
    rename("P037", "Workshop of paper")
    the_placement("P038").is_cancelled = True
    pending = programmes.pending_changes(the_congress())
    alone = {number: own_changes(pending, each) for number, each in queries.attendees(the_congress()).items()}
    assert notices.concerned(the_congress(), pending, now=NOW) == {number: own for number, own in alone.items() if own}
    assert sorted({len(own) for own in alone.values()}) == [1, 2]


def test_who_has_left_is_not_told(undone):
    left = make_registration()
    services.withdraw(left, now=NOW)
    rename("P022", "Grand opening")
    made = release()
    assert left.id not in {each.facts["registration"] for each in digests(made)}


def test_who_registered_after_the_release_is_not_told_of_it(undone):
    rename("P022", "Grand opening")
    made = release(tell=False)
    late = make_registration(now=LATER)
    assert notices.tell_people(the_congress(), made, now=LATER) == DELEGATES
    assert late.id not in {each.facts["registration"] for each in digests(made)}


def test_nobody_is_told_twice_of_one_release(undone):
    rename("P022", "Grand opening")
    made = release()
    assert notices.tell_people(the_congress(), made, now=LATER) == 0
    made.are_people_told = False  # even if somebody forgot
    assert (notices.tell_people(the_congress(), made, now=LATER), len(digests(made))) == (0, DELEGATES)


def test_nobody_is_told_of_the_first_release(undone):
    first = programme.latest_release(the_congress())
    assert (first.number, notices.tell_people(the_congress(), first, now=NOW), digests(first)) == (1, 0, [])


def test_a_release_that_was_replaced_is_not_told_any_more(undone):
    rename("P022", "Grand opening")
    made = release(tell=False)
    rename("P022", "Opening")
    release(tell=False)
    with pytest.raises(notices.ReleaseReplaced):
        notices.tell_people(the_congress(), made, now=NOW)
    assert digests(made) == []


def test_whom_it_concerns_is_asked_in_as_many_statements_for_many_people_as_for_few(undone):
    rename("P022", "Grand opening")
    counts = []
    for more in (0, 8):
        for _each in range(more):
            make_registration()
        db.session.flush()
        congress = the_congress()
        pending = programmes.pending_changes(congress)
        with statements() as asked:
            found = notices.concerned(congress, pending, now=NOW)
        counts.append((len(found), len(asked)))
    assert counts == [(DELEGATES, 2), (DELEGATES + 8, 2)]


def test_all_are_told_in_as_many_statements_as_a_few(undone):
    counts = []
    for more in (0, 8):
        for _each in range(more):
            make_registration()
        rename("P022", f"Opening with {more} more")
        made = release(tell=False)
        with statements() as asked:
            notices.tell_people(the_congress(), made, now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_digest_tells_what_was_and_what_is(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    made = release()
    assert told(person, made) == [("P022", ("renamed",), OPENING, "Grand opening", 1)]
    assert notices.news(person, facts(made), now=NOW).up_to == 2


def test_a_new_session_in_the_own_programme_is_told_as_added(undone):
    person = make_registration()
    db.session.add(new := make_session(kind=Kind.PLENARY, titles=Localised(en="Extra", pl="Dodatek")))
    made = release()
    assert told(person, made) == [(new.code, ("added",), "", "Extra", 0)]


def test_what_changed_once_more_before_the_digest_left_is_told_as_it_is_now_and_only_once(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    rename("P024", "Reports")
    second = release()
    rename("P022", "Splendid opening")
    rename("P040", "Meetings")
    third = release(now=LATER)

    first_digest = told(person, second)
    sent(person, second)

    assert first_digest[0] == ("P022", ("renamed",), OPENING, "Splendid opening", 2)
    assert {each[0] for each in first_digest} == {"P022", "P024"}
    assert "P022" not in {each[0] for each in told(person, third)}


def test_a_later_digest_waits_for_the_earlier_one(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    second = release()
    rename("P022", "Splendid opening")
    third = release(now=LATER)
    with pytest.raises(TooEarly):
        notices.news(person, facts(third), now=NOW)
    sent(person, second)
    assert told(person, third) == []


def test_a_digest_that_left_before_the_next_release_covers_nothing_of_it(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    second = release()
    sent(person, second)
    rename("P022", "Splendid opening")
    third = release(now=LATER)
    assert told(person, third) == [("P022", ("renamed",), "Grand opening", "Splendid opening", 2)]


def test_after_a_digest_that_could_not_be_delivered_the_next_one_tells_its_own(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    second = release()
    rename("P022", "Splendid opening")
    third = release(now=LATER)
    sent(person, second, MessageState.FAILED)
    assert told(person, third) == [("P022", ("renamed",), "Grand opening", "Splendid opening", 2)]


def test_what_was_taken_back_before_the_digest_left_is_told_by_neither(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    second = release()
    rename("P022", OPENING)
    third = release(now=LATER)
    assert told(person, second) == []
    sent(person, second, MessageState.DROPPED)
    assert told(person, third) == []


def test_of_a_session_that_was_given_up_meanwhile_nothing_is_told(undone):
    person = make_registration()
    bookings.choose(person, the_item("P037"), now=NOW)
    rename("P037", "Workshop of paper")
    made = release()
    bookings.drop(person, the_item("P037"), now=NOW)
    assert told(person, made) == []


def test_what_was_held_back_is_told_by_the_next_digest_once(undone):
    person = make_registration()
    rename("P024", "Reports")
    rename("P022", "Grand opening")
    held = release(tell=False)
    rename("P022", "Splendid opening")
    made = release(now=LATER)
    assert [each.facts for each in digests(made) if each.facts["registration"] == person.id] == [
        {"registration": person.id, "release": made.id, "since": held.number}
    ]
    assert {each[:4] for each in told(person, made)} == {
        ("P022", ("renamed",), OPENING, "Splendid opening"),
        ("P024", ("renamed",), REPORT, "Reports"),
    }
    assert (held.are_people_told, digests(held)) == (True, [])


def test_after_a_digest_of_several_releases_the_next_one_tells_only_its_own(undone):
    person = make_registration()
    rename("P024", "Reports")
    release(tell=False)
    rename("P022", "Grand opening")
    made = release(now=LATER)
    rename("P024", "Other reports")
    rename("P026", "Meetings")
    last = release(now=LATER)
    first_digest = {each[:4] for each in told(person, made)}
    sent(person, made)
    assert first_digest == {("P022", ("renamed",), OPENING, "Grand opening"), ("P024", ("renamed",), REPORT, "Other reports")}
    assert [each[0] for each in told(person, last)] == ["P026"]


def test_what_came_back_to_what_it_was_before_the_digest_is_told_to_who_came_between(undone):
    early = make_registration()
    rename("P022", "Grand opening")
    first = release(tell=False)
    between = make_registration(now=first.released_at + timedelta(minutes=1))
    rename("P022", OPENING)
    second = release(now=LATER)
    people = {each.facts["registration"] for each in digests(second)}
    assert (early.id in people, between.id in people) == (False, True)
    assert [each[:4] for each in told(between, second)] == [("P022", ("renamed",), "Grand opening", OPENING)]


def test_nobody_is_told_of_what_is_over(undone):
    make_registration()
    over = the_placement("P022").ends_at
    rename("P022", "Grand opening")
    made = release(now=over, tell=False)
    assert (notices.tell_people(the_congress(), made, now=over), digests(made), made.are_people_told) == (0, [], True)


def test_what_is_over_when_the_digest_leaves_is_left_out_of_it(undone):
    person = make_registration()
    rename("P022", "Grand opening")
    rename("P024", "Reports")
    made = release()
    over = the_placement("P022").ends_at
    news = notices.news(person, facts(made), now=over)
    assert ([each.after.code for each in news.changes], news.up_to) == (["P024"], 2)


def left(registration: Registration, *chosen: str) -> set[str]:
    return {each.code for each in notices.left_behind(registration, chosen)}


def codes(entries: Iterable) -> set[str]:
    return {each.code for each in entries}


def test_who_leaves_leaves_behind_what_stood_in_calendars_and_is_still_to_come(undone):
    person = make_registration()
    the_placement("P024").is_cancelled = True
    release(tell=False)
    whole = queries.own_programme(person)
    services.withdraw(person, now=utc(2018, 6, 12, 7, 30))  # in the middle of the opening
    expected = {each.code for each in whole if each.is_timed and (each.ends_at or each.starts_at) > utc(2018, 6, 12, 7, 30)}
    assert left(person) == expected - {"P024"}
    assert {"P022"} < left(person) < codes(whole)


def test_what_the_person_had_chosen_is_kept_for_the_last_mail(undone):
    person = make_registration()
    bookings.choose(person, the_item("P037"), now=NOW)
    services.withdraw(person, now=NOW)
    (message,) = db.session.scalars(select(Message).where(Message.key == f"registration-withdrawn-{person.id}-{person.version}"))
    assert message.facts == {"registration": person.id, "chosen": ["P037"]}
    assert left(person, *message.facts["chosen"]) - left(person) == {"P037"}


def test_nothing_is_left_behind_while_a_registration_lives(undone):
    assert notices.left_behind(make_registration(), []) == []
