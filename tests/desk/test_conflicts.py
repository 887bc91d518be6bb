"""``/desk/<congress>/conflicts/…``."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme.conflicts import ConflictKind
from congress.programme.models import Placement, Room, Venue
from congress.programme.planning import checks
from congress.programme.planning.models import AcceptedConflict, DraftChange
from tests.conftest import csrf_token, sign_in_as
from tests.factories import the_congress, the_placement
from tests.statements import statements

PATH = "/desk/krakowice2018/conflicts/"


def plain(page: str) -> str:
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def rooms(context: Flask) -> list[Room]:
    """Three rooms of one venue for 10, 100 and 200 people; the subgroups of literature and music are in the second."""
    venue = db.session.query(Venue).filter(Venue.slug == "ice-krakow-congress-centre").one()
    made = [
        Room(venue=venue, slug=f"r{size}", names=Localised(en=f"Room {size}", pl=f"Sala {size}"), capacity=size)
        for size in (10, 100, 200)
    ]
    db.session.add_all(made)
    for code in ("P029", "P030"):
        placement = the_placement(code)
        placement.room, placement.item.expected = made[1], 60
    db.session.commit()
    return made


@pytest.fixture
def ahead(context: Flask) -> None:
    """The congress and its draft lie a month ahead of today, so that nothing is over."""
    congress, days = the_congress(), timedelta(days=(now().date() - the_congress().starts_on).days + 30)
    congress.starts_on, congress.ends_on = congress.starts_on + days, congress.ends_on + days
    for placement in db.session.query(Placement):
        for name in ("starts_at", "ends_at", "starts_on", "ends_on"):
            if getattr(placement, name) is not None:
                setattr(placement, name, getattr(placement, name) + days)
    db.session.commit()


def overlap() -> checks.Finding:
    [finding] = [each for each in checks.findings(the_congress()) if each.kind is ConflictKind.ROOM_OVERLAP]
    return finding


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "P014 “Informal creative field workshop: Music”"), ("pl", "Nieformalne warsztaty podgrupy: Muzyka")],
)
def test_the_list_is_in_the_readers_language(organiser, language, sentence):
    page = organiser.get(f"{PATH}?lang={language}")
    assert (page.status_code, sentence in plain(page.text)) == (200, True)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?severity=blocks", {"P029", "P030"}),
        ("?kind=room_overlap", {"P029", "P030"}),
        ("?kind=no_time&city=krakow", {"P002", "P058"}),
        ("?kind=outside_days&field=music", {"P014"}),
        ("?kind=title_too_long&day=2018-06-16", {"P056"}),
        ("?severity=nonsense", set()),
        ("?accepted=yes", set()),
    ],
)
def test_filters_stand_in_the_address(organiser, rooms, query, codes):
    page = organiser.get(PATH + query)
    listed = page.text.partition("conflict-list")[2]
    assert (page.status_code, set(re.findall(r"\b(P\d{3}) “", listed))) == (200, codes)


def test_accepting_needs_a_reason_and_is_kept_with_it(organiser, rooms):
    path = f"{PATH}{overlap().fingerprint}/"
    token = csrf_token(organiser, path)
    refused = organiser.post(path, data={"csrf_token": token, "reason": " "})
    assert (refused.status_code, 'href="#reason"' in refused.text) == (422, True)
    assert organiser.post(path, data={"csrf_token": token, "reason": "A wall is put in."}).status_code == 303
    db.session.rollback()
    assert [row.reason for row in db.session.query(AcceptedConflict)] == ["A wall is put in."]
    assert "A wall is put in." in organiser.get(f"{PATH}?accepted=yes").text
    assert organiser.post(f"{path}take-back", data={"csrf_token": token}).status_code == 303
    db.session.rollback()
    assert db.session.query(AcceptedConflict).count() == 0
    assert (
        "somebody else has taken that back"
        in organiser.post(f"{path}take-back", data={"csrf_token": token}, follow_redirects=True).text
    )


def test_a_conflict_whose_facts_changed_cannot_be_accepted_unseen(organiser, rooms):
    path = f"{PATH}{overlap().fingerprint}/"
    token = csrf_token(organiser, path)
    the_placement("P030").ends_at += timedelta(minutes=5)
    db.session.commit()
    answer = organiser.post(path, data={"csrf_token": token, "reason": "A wall is put in."}, follow_redirects=True)
    assert "something about it has changed" in answer.text
    db.session.rollback()
    assert db.session.query(AcceptedConflict).count() == 0


def test_severities_are_set_and_a_stale_page_is_told(organiser, rooms):
    path = f"{PATH}severities"
    version = re.search(r'name="version"[^>]*value="(\d+)"', organiser.get(path).text)
    assert version
    chosen = {kind.value: severity.value for kind, severity in checks.severities_of(the_congress()).items()}
    data = {**chosen, "room_overlap": "hint", "version": version[1], "csrf_token": csrf_token(organiser, path)}
    assert organiser.post(path, data=data).status_code == 303
    db.session.rollback()
    assert the_congress().severities == {"room_overlap": "hint"}
    assert organiser.post(path, data={**data, "room_overlap": "blocks"}).status_code == 409
    assert organiser.post(path, data={**data, "room_overlap": "loud"}).status_code == 422
    db.session.rollback()
    assert the_congress().severities == {"room_overlap": "hint"}


def test_the_panel_is_a_fragment_for_scripts_and_the_page_for_browsers(organiser, rooms):
    panel = organiser.get(f"{PATH}panel?day=2018-06-13")
    assert (panel.status_code, "<html" in panel.text, "P029" in panel.text) == (200, False, True)
    assert "P029" not in organiser.get(f"{PATH}panel?day=2018-06-12").text
    assert organiser.get(f"{PATH}panel", headers={"Sec-Fetch-Mode": "navigate"}).location == PATH


def tried(client: FlaskClient, code: str, start: str, end: str, room: str) -> tuple[int, str]:
    query = {"placement": str(the_placement(code).id), "start": start, "end": end, "room": room}
    answer = client.get(f"{PATH}try", query_string=query)
    return answer.status_code, plain(answer.text)


def test_trying_a_place_tells_what_would_be_new(organiser, rooms, ahead):
    day, small, large = the_congress().starts_on + timedelta(days=1), f"room-{rooms[0].id}", f"room-{rooms[2].id}"
    assert tried(organiser, "P030", f"{day}T09:00", f"{day}T12:30", large) == (200, " There it has no new conflict. ")
    status, said = tried(organiser, "P030", f"{day}T09:00", f"{day}T12:30", small)
    assert (status, "Room too small" in said, "1 new conflict." in said) == (200, True, True)
    status, said = tried(organiser, "P030", f"{day}T13:00", f"{day}T12:30", large)
    assert (status, "Impossible length" in said) == (200, True)


@pytest.mark.parametrize(
    ("start", "room"),
    [
        ("2018-06-31T09:00", ""),
        ("tomorrow", ""),
        ("2018-06-13T25:00", ""),
        ("0001-01-01T00:00", "room-x"),
        ("", "room-999999"),
        ("", "x-1"),
    ],
)
def test_trying_nonsense_is_refused_in_words(organiser, context, start, room):
    status, said = tried(organiser, "P030", start, "", room)
    assert (status, "There is no such place" in said or "This time does not exist" in said) == (422, True)


def test_trying_a_time_that_clocks_skip(organiser, context):
    status, said = tried(organiser, "P030", "2018-03-25T02:30", "2018-03-25T04:00", "")
    assert (status, "Change of clocks" in said) == (200, True)


def test_a_proposed_room_is_taken_with_one_button(organiser, rooms, ahead):
    placement = the_placement("P030")
    page = organiser.get(f"{PATH}proposals?placement={placement.id}")
    first = page.text.partition("conflict-places")[2].partition("</li>")[0]
    # The same time in the larger room: the smaller one is too small, and its own is taken.
    assert "Room 200" in first
    assert "Room 10," not in page.text.partition("conflict-places")[2]
    data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', first))
    assert organiser.post(f"{PATH}proposals", data=data).status_code == 303
    db.session.rollback()
    assert (the_placement("P030").room_id, the_placement("P030").starts_at) == (rooms[2].id, placement.starts_at)
    assert [each.after for each in db.session.query(DraftChange)] == [{"room_id": rooms[2].id}]
    again = organiser.post(f"{PATH}proposals", data=data, follow_redirects=True)
    assert "not free any more" in again.text
    db.session.rollback()
    assert db.session.query(DraftChange).count() == 1


def test_none_of_the_proposals_brings_a_new_conflict(organiser, rooms, ahead):
    placement = the_placement("P030")
    before = {(each.kind, each.uids) for each in checks.findings(the_congress())}
    page = organiser.get(f"{PATH}proposals?placement={placement.id}").text
    offers = re.findall(r'name="starts_at" value="([^"]*)"><input type="hidden" name="room" value="(\d*)"', page)
    assert len(offers) > 3
    token = csrf_token(organiser, f"{PATH}severities")
    for starts_at, room in offers[:4]:
        data = {"placement": placement.id, "version": the_placement("P030").version, "starts_at": starts_at, "room": room}
        organiser.post(f"{PATH}proposals", data={**data, "csrf_token": token})
        db.session.rollback()
        assert {(each.kind, each.uids) for each in checks.findings(the_congress())} <= before


@pytest.mark.parametrize("path", ["proposals?placement=999999", "proposals", "try?placement=x", "try"])
def test_an_unknown_entry_is_not_found(organiser, context, path):
    assert organiser.get(PATH + path).status_code == 404


def test_an_unknown_conflict_leads_to_the_list(organiser, context):
    assert organiser.get(f"{PATH}{'0' * 64}/").location == PATH


def test_readers_of_the_programme_see_and_change_nothing(app, rooms):
    reader, path = sign_in_as(app, RoleKind.PROGRAMME_READER), f"{PATH}{overlap().fingerprint}/"
    pages = [reader.get(each) for each in (PATH, path, f"{PATH}severities")]
    assert [(page.status_code, "Accept it" in page.text) for page in pages] == [(200, False)] * 3
    token = csrf_token(reader, PATH)
    posts = [
        reader.post(each, data={"csrf_token": token})
        for each in (path, f"{PATH}severities", f"{PATH}proposals", f"{path}take-back")
    ]
    assert [answer.status_code for answer in posts] == [403] * 4


def test_a_visitor_is_sent_to_sign_in(client, context):
    assert [client.get(PATH + each).status_code for each in ("", "panel", "severities", "proposals?placement=1")] == [302] * 4


@pytest.mark.parametrize("page", ["", "panel"])
def test_the_pages_ask_as_many_statements_for_many_conflicts_as_for_few(organiser, rooms, page):
    counts = []
    for codes in (("P031",), ("P032", "P033", "P034")):
        for code in codes:
            the_placement(code).room = rooms[1]
        db.session.commit()
        organiser.get(PATH + page)
        with statements() as asked:
            assert "P031" in organiser.get(PATH + page).text
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_conflict_says_where_and_when_its_entries_stand(organiser, rooms):
    page = organiser.get(f"{PATH}{overlap().fingerprint}/").text
    assert page.count("<p>Wednesday 13 June, 09:00–12:30; Room 100, ICE Kraków Congress Centre, Kraków</p>") == 2


def test_all_of_a_group_are_accepted_with_one_reason_and_one_may_be_left_out(organiser, context):
    page = organiser.get(f"{PATH}?kind=same_delegates").text
    [path] = set(re.findall(r'href="(/desk/krakowice2018/conflicts/of/[^"]+)"', page))
    assert "needs the same delegates as 7 other entries" in plain(page)
    shown = organiser.get(path).text
    ticks = re.findall(r'name="conflicts" id="[^"]*" value="(\w{64})" checked', shown)
    assert len(ticks) == 7
    data = {"csrf_token": csrf_token(organiser, path), "reason": "The mixer is open house.", "conflicts": ticks[1:]}
    statuses = [
        organiser.post(path, data={**data, **wrong}).status_code
        for wrong in ({"reason": " "}, {"conflicts": []}, {"conflicts": [*ticks, "0" * 64]})
    ]
    assert statuses == [422, 422, 409]
    db.session.rollback()
    assert db.session.query(AcceptedConflict).count() == 0
    assert organiser.post(path, data=data).status_code == 303
    db.session.rollback()
    assert sorted(row.fingerprint for row in db.session.query(AcceptedConflict)) == sorted(ticks[1:])
    assert re.findall(r'name="conflicts" id="[^"]*" value="(\w{64})"', organiser.get(path).text) == ticks[:1]


@pytest.mark.parametrize("path", ["of/nobody/same_delegates", "of/nobody/nonsense"])
def test_a_group_that_is_not_there_leads_to_the_list(organiser, context, path):
    assert organiser.get(PATH + path).location == PATH
