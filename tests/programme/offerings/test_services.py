"""What cities offer to present, and what organisers decide."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.outbox.models import Message
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.programme.offerings import queries, services
from congress.programme.offerings.models import Offering
from congress.programme.offerings.services import Words
from congress.programme.planning import history
from congress.programme.vocabulary import OfferingKind, OfferingState
from tests.factories import NOW, give_room, make_session

BY = "olga@krakowice.example"


def words(**changes: Any) -> Words:
    values: dict[str, Any] = {
        "kind": OfferingKind.PROJECT, "field": None, "titles": Localised(en="Letters to a city", pl="Listy do miasta"),
        "descriptions": Localised(en="People wrote."), "presenter": "Haruki Tester", "minutes": 10, "website": "",
    }  # fmt: skip
    return Words(**(values | changes))


@pytest.fixture
def delegation(undone: Flask) -> Delegation:
    made = give_room("kanazawa")
    made.focal_name, made.focal_email, made.focal_language = "Kenji", "focal@kanazawa.example", "en"
    db.session.flush()
    return made


@pytest.fixture
def item(undone: Flask) -> ProgrammeItem:
    made = make_session()
    db.session.add(made)
    db.session.flush()
    return made


def choose(offering: Offering, item: ProgrammeItem | None, minutes: int = 10) -> None:
    services.choose(offering, item, minutes=minutes, seen=offering.version, by=BY, now=NOW)


def agenda(item: ProgrammeItem) -> list[tuple[str, str, int | None]]:
    db.session.expire(item, ["presentations"])
    return [
        (point.titles["en"], point.city_names["en"], point.minutes) for point in programme.as_entry(item.placements[0]).agenda
    ]


def mails() -> list[tuple[str, str]]:
    found = select(Message).where(Message.template.in_([services.CHOSEN, services.DECLINED])).order_by(Message.id)
    return [(each.template, each.recipient) for each in db.session.scalars(found)]


def test_what_is_chosen_stands_in_its_session_in_order_and_the_city_is_told_once(delegation: Delegation, item: ProgrammeItem):
    first, second = (services.offer(delegation, words(titles=Localised(en=name)), now=NOW) for name in ("First", "Second"))
    version = item.version

    choose(first, item)
    choose(second, item, 15)
    choose(first, item, 12)  # other minutes are no news to the city
    services.put_in_order(item, [second.id, first.id], by=BY, now=NOW)

    assert agenda(item) == [("Second", "Kanazawa", 15), ("First", "Kanazawa", 12)]
    assert mails() == [("offering_chosen", "focal@kanazawa.example")] * 2
    assert item.version > version


def test_what_is_chosen_ordered_and_withdrawn_is_noted_in_the_history_of_the_draft(delegation: Delegation, item: ProgrammeItem):
    first, second = (services.offer(delegation, words(titles=Localised(en=name)), now=NOW) for name in ("First", "Second"))
    choose(first, item)
    choose(second, item, 15)
    choose(second, item, 15)  # the same again
    services.put_in_order(item, [second.id, first.id], by=BY, now=NOW)
    services.put_in_order(item, [second.id, first.id], by=BY, now=NOW)
    services.withdraw(second, now=NOW)

    kept = [
        (each.item_code, each.made_by, [(one["titles"]["en"], one["minutes"]) for one in each.after["presentations"]])
        for each in history.changes_since(item.congress, 0)
    ]
    assert kept == [
        (item.code, BY, [("First", 10)]),
        (item.code, BY, [("First", 10), ("Second", 15)]),
        (item.code, BY, [("Second", 15), ("First", 10)]),
        (item.code, "Kanazawa", [("First", 10)]),
    ]


def test_who_leaves_a_session_leaves_no_hole(delegation: Delegation, item: ProgrammeItem):
    made = [services.offer(delegation, words(titles=Localised(en=str(number))), now=NOW) for number in range(3)]
    for each in made:
        choose(each, item)

    services.withdraw(made[0], now=NOW)
    services.decline(made[1], "Two are enough.", seen=made[1].version, by=BY, now=NOW)

    assert [(each.state, each.item_id, each.position) for each in made] == [
        (OfferingState.WITHDRAWN, None, None),
        (OfferingState.DECLINED, None, None),
        (OfferingState.CHOSEN, item.id, 0),
    ]
    assert [name for name, _city, _minutes in agenda(item)] == ["2"]
    assert mails()[-1] == ("offering_declined", "focal@kanazawa.example")


def test_what_was_decided_or_has_changed_is_not_written(undone: Flask, delegation: Delegation, item: ProgrammeItem):
    offering = services.offer(delegation, words(), now=NOW)
    with undone.test_request_context():
        with pytest.raises(services.ChangedMeanwhile):
            services.change(offering, words(minutes=20), seen=offering.version - 1)
        choose(offering, item)
        with pytest.raises(services.Decided):
            services.change(offering, words(minutes=20), seen=offering.version)
        with pytest.raises(services.ChangedMeanwhile):
            services.put_in_order(item, [offering.id, offering.id], by=BY, now=NOW)
        services.withdraw(offering, now=NOW)
        with pytest.raises(services.Decided):
            choose(offering, item)
        with pytest.raises(services.Decided):
            services.decline(offering, "Late", seen=offering.version, by=BY, now=NOW)
    assert (offering.minutes, offering.state) == (10, OfferingState.WITHDRAWN)


def test_a_city_offers_no_more_than_ten(undone: Flask, delegation: Delegation):
    made = [services.offer(delegation, words(), now=NOW) for _ in range(services.MOST)]
    with undone.test_request_context(), pytest.raises(services.TooMany):
        services.offer(delegation, words(), now=NOW)
    services.withdraw(made[0], now=NOW)
    services.offer(delegation, words(), now=NOW)
    assert len(queries.of_delegation(delegation)) == services.MOST + 1
