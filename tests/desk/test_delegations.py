"""``/desk/<congress>/delegations/``: whom to invite and remind, and one delegation."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from congress.delegates import chasing, queries, services
from congress.delegates.models import Delegation
from congress.delegates.vocabulary import DelegationState, Part
from congress.networks.vocabulary import ContactKind
from congress.outbox.models import Message
from congress.registration.delegations import people as delegation_people
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import Edit
from congress.registration.models import Registration
from congress.registration.states import State
from tests.conftest import csrf_token, sign_in_as
from tests.factories import make_applicant, make_contact, the_city, the_congress

LIST = "/desk/krakowice2018/delegations/"
BY = "olga@krakowice.example"


@pytest.fixture
def cities(app: Flask) -> dict[str, int]:
    """Ids of Kanazawa and Dakar, not invited, and Bologna, invited 20 days ago; of their delegations by slug and “#”."""
    with app.app_context():
        for slug in ("kanazawa", "bologna"):
            make_contact(slug)
            make_contact(slug, ContactKind.MAYOR, language="pl")
        chasing.invite(the_congress(), [the_city("bologna")], by=BY, now=now() - timedelta(days=20))
        found = {slug: the_city(slug).id for slug in ("kanazawa", "dakar", "bologna")}
        found |= {f"{slug}#": services.delegation_of(the_congress(), the_city(slug)).id for slug in ("kanazawa", "bologna")}
        db.session.commit()
    return found


def shown(client: FlaskClient, query: str = "") -> list[str]:
    """The cities in the list."""
    table = client.get(LIST + query).text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        re.sub(r"<[^>]+>", "", row).split("\n")[0].strip() for row in re.findall(r'<th scope="row">(.*?)<span', table, re.DOTALL)
    ]


def post(client: FlaskClient, path: str, page: str = LIST, **values: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client, page), **values})
    return answer.status_code, answer.text


def queued(app: Flask, template: str) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Message.recipient).where(Message.template == template).order_by(Message.id)))


def state_of(app: Flask, slug: str) -> DelegationState:
    with app.app_context():
        return services.delegation_of(the_congress(), the_city(slug)).state


def name_two(app: Flask, slug: str) -> list[int]:
    """Two people named by the city."""
    with app.app_context():
        delegation = services.delegation_of(the_congress(), the_city(slug))
        the_congress().registration_opens_at = now() - timedelta(days=99)
        made = [
            delegation_people.add(
                delegation, make_applicant(city=slug, part=part),
                edit=Edit(delegation.version, BY, now()), key=app.config["SECRET_KEY"],
            ).id
            for part in (Part.HEAD, Part.MEMBER)
        ]  # fmt: skip
        db.session.commit()
        return made


def states(app: Flask, ids: list[int]) -> list[State]:
    with app.app_context():
        return [db.session.get_one(Registration, each).state for each in ids]


def test_filters_in_the_address_leave_what_they_say(organiser, cities):
    assert len(shown(organiser)) == 180
    assert shown(organiser, "?state=silent") == shown(organiser, "?state=invited&q=BOLOGNA&silent_days=20") == ["Bologna"]
    assert shown(organiser, "?q=kanazawa&country=JP&field=crafts_and_folk_art&region=asia_pacific") == ["Kanazawa"]
    assert shown(organiser, "?q=lodz") == ["Łódź"]
    assert shown(organiser, "?silent_days=21") == []


def test_a_file_holds_what_the_filters_leave_and_computes_nothing(app, organiser, cities):
    with app.app_context():
        delegation = services.delegation_of(the_congress(), the_city("bologna"))
        delegation.focal_email = "=1+1@bologna.example"
        db.session.commit()
    answer = organiser.get(f"{LIST}delegations.csv?state=invited")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (_heading, row) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row[0], row[1], row[4], row[5], row[-1].split(",")[0]) == (
        "Bologna",
        "Italy",
        "invited",
        "20",
        "'=1+1@bologna.example",
    )


def test_the_page_before_sending_says_the_number_and_shows_the_mail_without_its_link(organiser, cities):
    page = organiser.get(f"{LIST}invite?city={cities['kanazawa']}&city={cities['dakar']}&city={cities['bologna']}").text
    assert "<strong>1</strong><span>cities" in page
    assert "Send 2 e-mails" in page
    assert "Without an e-mail address" in page
    assert "1 chosen city is left out" in page
    assert "/my/delegation/…/" in page


def test_an_invitation_goes_to_exactly_those_that_were_shown_and_a_second_click_to_nobody(app, organiser, cities):
    page = f"{LIST}invite?city={cities['kanazawa']}&city={cities['dakar']}"
    for _click in range(2):
        assert post(organiser, f"{LIST}invite", page, city=[cities["kanazawa"]])[0] == 303
    assert queued(app, "delegation_invited") == [
        "main@bologna.example", "mayor@bologna.example", "main@kanazawa.example", "mayor@kanazawa.example",
    ]  # fmt: skip
    assert state_of(app, "kanazawa") is DelegationState.INVITED
    assert "Nobody was written to" in organiser.get(LIST).text


def test_a_reminder_goes_to_those_that_the_filter_leaves(app, organiser, cities):
    page = f"{LIST}remind?state=silent"
    hidden = re.findall(r'name="city" value="(\d+)"', organiser.get(page).text)
    assert [int(each) for each in hidden] == [cities["bologna"]]
    for _click in range(2):
        post(organiser, f"{LIST}remind", page, city=hidden)
    assert queued(app, "delegation_reminded") == ["main@bologna.example", "mayor@bologna.example"]


def test_a_city_of_another_network_cannot_be_invited(app, organiser, cities):
    with app.app_context():
        wroclaw = the_city("wroclaw").id
        make_contact("wroclaw")
        db.session.commit()
    post(organiser, f"{LIST}invite", city=[wroclaw])
    assert post(organiser, f"{LIST}open", city=wroclaw)[0] == 404
    assert "main@wroclaw.example" not in queued(app, "delegation_invited")


def test_a_delegation_page_opens_for_a_city_to_which_nothing_has_happened(organiser, cities):
    status, _text = post(organiser, f"{LIST}open", city=cities["dakar"])
    assert status == 303
    assert [organiser.get(f"{LIST}{number}/").status_code for number in (cities["bologna#"], 10**6, 2**31)] == [200, 404, 404]


def test_confirming_a_delegation_confirms_its_people(app, organiser, cities):
    page, people = f"{LIST}{cities['bologna#']}/", name_two(app, "bologna")
    post(organiser, f"{page}confirm", page)
    assert "has not sent its delegation yet" in organiser.get(page).text
    with app.app_context():
        delegation = queries.get_delegation(cities["bologna#"])
        delegations.submit(delegation, edit=Edit(delegation.version, BY, now()))
        db.session.commit()
    post(organiser, f"{page}confirm", page)
    assert (states(app, people), state_of(app, "bologna")) == ([State.CONFIRMED, State.CONFIRMED], DelegationState.CONFIRMED)


def test_a_city_that_declines_withdraws_its_people_and_can_come_back(app, organiser, cities):
    page, people = f"{LIST}{cities['bologna#']}/", name_two(app, "bologna")
    version = re.search(r'name="version" value="(\d+)"', organiser.get(page).text).group(1)
    assert post(organiser, f"{page}decline", page, version=version, reason="")[0] == 422
    assert post(organiser, f"{page}decline", page, version=int(version) - 1, reason="An election.")[0] == 303
    assert state_of(app, "bologna") is DelegationState.DRAFTING  # somebody had changed it meanwhile
    script, letter = (io.BytesIO(b"<script>"), "letter.pdf"), (io.BytesIO(b"%PDF-1.4 an election %%EOF"), "letter.pdf")
    assert post(organiser, f"{page}decline", page, version=version, reason="An election.", letter=script)[0] == 422
    assert post(organiser, f"{page}decline", page, version=version, reason="An election.", letter=letter)[0] == 303
    assert (states(app, people), state_of(app, "bologna")) == ([State.CANCELLED, State.CANCELLED], DelegationState.DECLINED)
    shown = organiser.get(page).text
    assert ("An election." in shown, ">letter.pdf</a>" in shown) == (True, True)
    assert organiser.get(re.search(r'href="([^"]*/uploads/[^"]*)"', shown).group(1)).data == b"%PDF-1.4 an election %%EOF"
    post(organiser, f"{page}reopen", page)
    assert state_of(app, "bologna") is DelegationState.DRAFTING


def test_higher_limits_of_a_city_give_places_to_those_who_wait(app, organiser, cities):
    page = f"{LIST}{cities['bologna#']}/"
    assert post(organiser, f"{page}limits", page, most=1, least="", reason="")[0] == 422
    assert post(organiser, f"{page}limits", page, most=1, least=2, reason="A host.")[0] == 422
    assert post(organiser, f"{page}limits", page, most="many", least="", reason="A host.")[0] == 422
    post(organiser, f"{page}limits", page, most=1, least="", reason="A small city.")
    people = name_two(app, "bologna")
    assert states(app, people) == [State.INVITED, State.WAITING]
    post(organiser, f"{page}limits", page, most=2, least="", reason="It has grown.")
    assert states(app, people) == [State.INVITED, State.INVITED]
    post(organiser, f"{page}limits", page, most=0, least="", reason="It has shrunk.")
    assert states(app, people) == [State.INVITED, State.INVITED]
    assert "Nobody loses a place" in organiser.get(page).text


def test_link_code_and_successor_at_the_desk(app, organiser, cities):
    page = f"{LIST}{cities['bologna#']}/"
    assert post(organiser, f"{page}hand-over", page, name="", email="nobody", language="en")[0] == 422
    assert post(organiser, f"{page}hand-over", page, name="Mei\r\nBcc: x", email="mei@bologna.example", language="pl")[0] == 303
    assert queued(app, "delegation_handed_over") == ["mei@bologna.example"]
    assert post(organiser, f"{page}new-link", page)[0] == 303
    assert "mei@bologna.example" in queued(app, "delegation_link")
    code = re.search(r'class="letter-code">(.*?)<', post(organiser, f"{page}code", page)[1]).group(1)
    visitor = app.test_client()
    into = post(visitor, "/krakowice2018/code/", "/krakowice2018/code/", code=code.lower())
    assert into[0] == 303
    assert post(organiser, f"{page}revoke-link", page)[0] == 303
    wrong = [post(visitor, "/krakowice2018/code/", "/krakowice2018/code/", code=each) for each in (code, "AAAA-AAAA")]
    assert [status for status, _text in wrong] == [422, 422]
    assert all("There is no such code" in text for _status, text in wrong)
    assert code not in organiser.get(page).text


PAGES = ["", "delegations.csv", "invite", "remind", "1/"]
CHANGES = [
    "open",
    "invite",
    "remind",
    "1/confirm",
    "1/new-link",
    "1/revoke-link",
    "1/hand-over",
    "1/limits",
    "1/decline",
    "1/reopen",
    "1/code",
]


def test_who_may_only_read_the_programme_sees_and_changes_nothing_here(app, cities):
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    token = csrf_token(reader, "/desk/krakowice2018/")
    assert {reader.get(LIST + page).status_code for page in PAGES} == {403}
    assert {reader.post(LIST + page, data={"csrf_token": token}).status_code for page in CHANGES} == {403}
    with app.app_context():
        assert db.session.scalar(select(Delegation.state).where(Delegation.id == cities["bologna#"])) is DelegationState.INVITED


def test_the_registration_desk_invites_and_reminds_but_sets_no_limits_of_the_congress(app, cities):
    desk = sign_in_as(app, RoleKind.REGISTRATION_DESK)
    assert post(desk, f"{LIST}remind", city=[cities["bologna"]])[0] == 303
    assert queued(app, "delegation_reminded") == ["main@bologna.example", "mayor@bologna.example"]
    assert post(desk, "/desk/krakowice2018/limits/")[0] == 403


def test_without_signing_in_nothing_is_shown(client):
    assert {client.get(LIST + page).status_code for page in PAGES} == {302}


def test_each_cell_of_a_list_names_its_column_for_phones(organiser: FlaskClient):
    """On a phone the heads of a table are not seen: each row is a card, whose lines say what they are."""
    unnamed = {}
    for page in ("delegations", "contacts", "limits", "sign-ups", "mails"):
        text = organiser.get(f"/desk/krakowice2018/{page}/").text
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL)
        cells = [each for row in rows for each in re.findall(r"<td\b[^>]*>\s*\S{0,30}", row) if "data-label" not in each]
        bare = [each for each in cells if "<input" not in each and "<a" not in each]
        if 'class="desk-table is-cards' not in text or not rows or bare:
            unnamed[page] = bare[:2]
    assert unnamed == {}
