"""What the history of the draft keeps of each change."""

from __future__ import annotations

import pytest

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import services
from congress.programme.models import Contributor
from congress.programme.planning import history
from congress.programme.vocabulary import Action, Part
from tests.factories import NOW, the_congress, the_placement, utc

ANNA, JAN = "anna@krakow.example", "jan@katowice.example"


def test_a_change_keeps_only_what_differs(undone):
    placement = the_placement("P022")
    before = history.snapshot(placement)
    was = placement.starts_at
    services.place_session(placement, starts_at=utc(2018, 6, 12, 8), ends_at=placement.ends_at)
    change = history.note(placement, before, Action.PLACED, by=ANNA, now=NOW)
    assert change is not None
    assert (change.item_code, change.placement_code, change.action, change.made_by, change.made_at) == (
        "P022", "P022", Action.PLACED, ANNA, NOW,
    )  # fmt: skip
    assert was is not None
    assert (change.before, change.after) == ({"starts_at": was.isoformat()}, {"starts_at": "2018-06-12T08:00:00+00:00"})
    assert history.number(the_congress()) == change.id
    assert history.last_change(placement) == change


def test_what_is_saved_as_it_was_is_no_change(undone):
    placement = the_placement("P022")
    before = history.snapshot(placement)
    services.place_session(placement, starts_at=placement.starts_at, ends_at=placement.ends_at)
    assert history.note(placement, before, Action.PLACED, by=ANNA, now=NOW) is None
    assert history.number(the_congress()) == 0


def test_an_item_keeps_its_texts_and_people(undone):
    item = the_placement("P022").item
    item.contributors.clear()
    item.titles = Localised(en="Opening", pl="Otwarcie")
    before = history.snapshot(item)
    item.titles = Localised(en="Opening ceremony", pl="Otwarcie")
    item.contributors.append(Contributor(name="Ada Przykładowa", part=Part.CHAIR, minutes=5))
    change = history.note(item, before, Action.EDITED, by=ANNA, now=NOW)
    assert change is not None
    person = {
        "part": "chair",
        "name": "Ada Przykładowa",
        "may_be_named": False,
        "speaker_id": None,
        "city_id": None,
        "minutes": 5,
    }
    assert change.before == {"titles": {"en": "Opening", "pl": "Otwarcie"}, "contributors": []}
    assert change.after == {"titles": {"en": "Opening ceremony", "pl": "Otwarcie"}, "contributors": [person]}
    assert (change.placement_id, change.placement_code) == (None, "")


def test_what_is_deleted_is_kept_whole_under_its_code(undone):
    placement = the_placement("P022")
    item, code = placement.item, placement.code
    before = history.snapshot(placement)
    history.note(placement, before, Action.DELETED, by=ANNA, now=NOW)
    kept = {name: value for name, value in before.items() if value is not None}
    item.placements.remove(placement)
    db.session.flush()
    db.session.expire_all()
    [change] = history.changes_of_item(item)
    assert (change.placement_id, change.placement_code, change.before, change.after) == (None, code, kept, {})


@pytest.mark.parametrize("codes", [["P022"], ["P022", "P023", "P024"]])
def test_changes_since_a_number_come_in_order(undone, codes: list[str]):
    made = []
    for code in codes:
        placement = the_placement(code)
        before = history.snapshot(placement)
        placement.is_cancelled = True
        change = history.note(placement, before, Action.CANCELLED, by=JAN, now=NOW)
        assert change is not None
        made.append(change.id)
    assert [each.id for each in history.changes_since(the_congress(), 0)] == made
    assert [each.id for each in history.changes_since(the_congress(), made[0])] == made[1:]
