"""``/desk/<congress>/registrations/``: the list, and decisions about exactly those who were ticked."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.congresses.models import Congress
from congress.core.db import db
from congress.outbox.models import Message
from congress.registration.models import Registration
from congress.registration.organising import decisions
from congress.registration.states import State
from tests.conftest import DELEGATES, csrf_token, sign_in_as
from tests.factories import make_registration, the_congress
from tests.statements import statements

PAGE = "/desk/krakowice2018/registrations/"


@pytest.fixture
def people(app: Flask) -> list[int]:
    """The ids of Zoë, who is to be confirmed, of Łucja and of Astrid, who come from other cities."""
    with app.app_context():
        made = [
            make_registration(given_name="Zoë", family_name="Waits", city="krakow"),
            make_registration(given_name="Łucja", family_name="Żak", city="lodz"),
            make_registration(given_name="Astrid", family_name="Ångström", city="ostersund"),
        ]
        db.session.commit()
        return [each.id for each in made]


def bulk(client: FlaskClient, decision: str, page: str = PAGE, **values: object) -> tuple[int, str]:
    """What the list's form answers: the status, and the words of the page or of the one it leads to."""
    data = {"csrf_token": csrf_token(client, page), "decision": decision, **values}
    answer = client.post(f"{PAGE}bulk", data=data)
    text = answer.text if answer.status_code != 303 else client.get(answer.location).text
    return answer.status_code, html.unescape(text)


def states(app: Flask, ids: list[int]) -> list[State]:
    with app.app_context():
        found = dict(db.session.execute(select(Registration.id, Registration.state).where(Registration.id.in_(ids))).all())
        return [found[each] for each in ids]


def mails(app: Flask, template: str) -> list[int]:
    """Whom a mail of this template is queued for."""
    with app.app_context():
        return [
            each.facts["registration"]
            for each in db.session.scalars(select(Message).where(Message.template == template).order_by(Message.id))
        ]


def shown(client: FlaskClient, query: str = "") -> list[str]:
    text = client.get(PAGE + query).text
    return [html.unescape(each) for each in re.findall(r'<th scope="row"><a href="[^"]*">(.*?)</a>', text)]


def test_the_list_is_searched_and_filtered_by_its_address(organiser: FlaskClient, people: list[int]):
    assert shown(organiser, "?q=Lodz") == ["Żak, Łucja"]
    assert shown(organiser, "?q=Ostersund&columns=email&columns=country") == ["Ångström, Astrid"]
    assert shown(organiser, "?field=film&q=zak") == ["Żak, Łucja"]
    assert len(shown(organiser)) == DELEGATES + 3
    columns = re.findall(r'<th scope="col">(.*?)</th>', organiser.get(f"{PAGE}?columns=email&columns=country").text)
    assert columns[1:] == ["Name", "Country", "E-mail address"]


def test_the_list_speaks_polish_and_keeps_its_columns_on_the_next_page(organiser: FlaskClient, people: list[int], monkeypatch):
    monkeypatch.setattr("congress.registration.organising.lists.PAGE", 5)
    text = html.unescape(organiser.get(f"{PAGE}?columns=city&sort=sent&lang=pl").text)
    following = re.search(r'href="([^"]*)" rel="next"', text)[1]
    assert following == f"{PAGE}?sort=sent&columns=city&page=2"
    assert (len(shown(organiser, following.removeprefix(PAGE))), '<html lang="pl"' in text) == (5, True)


def test_odd_addresses_show_a_list(organiser: FlaskClient):
    odd = [
        "?page=99999999999999999999",
        "?page=-1",
        "?page=x",
        "?since=2018-02-30",
        "?q=%00",
        "?state=%27",
        "?columns=x",
        "?city=%25",
    ]
    assert [organiser.get(PAGE + query).status_code for query in odd] == [200] * len(odd)


def test_the_page_asks_the_database_the_same_for_one_and_for_three(organiser: FlaskClient, app: Flask):
    taken = []
    for number in (1, 2, 3):
        with app.app_context():
            make_registration(family_name="Counted", city=["lodz", "krakow", "katowice"][number - 1])
            db.session.commit()
            organiser.get(PAGE)
            with statements() as seen:
                assert len(shown(organiser, "?q=counted")) == number
        taken.append(len(seen))
    assert taken[0] == taken[2] <= 15


def test_exactly_the_ticked_are_confirmed(organiser: FlaskClient, app: Flask, people: list[int]):
    assert bulk(organiser, "confirm", ids=people[:2])[0] == 303
    assert states(app, people) == [State.CONFIRMED, State.CONFIRMED, State.SUBMITTED]
    assert mails(app, "registration_confirmed")[-2:] == people[:2]
    assert "2 registrations are confirmed." in bulk(organiser, "confirm", ids=people[:2])[1]  # again: nothing more
    assert mails(app, "registration_confirmed").count(people[0]) == 1


def test_all_that_match_are_confirmed_if_they_are_as_many_as_were_seen(organiser: FlaskClient, app: Flask, people: list[int]):
    asked = {"all": "1", "filter": "q=zak", "ids": people[:1]}
    refused = bulk(organiser, "confirm", seen="2", **asked)
    assert (refused[0], "1 match now, 2 did when you looked" in refused[1]) == (303, True)
    assert states(app, people) == [State.SUBMITTED] * 3
    assert bulk(organiser, "confirm", seen="1", **asked)[0] == 303
    assert states(app, people) == [State.SUBMITTED, State.CONFIRMED, State.SUBMITTED]


def test_what_cannot_be_done_is_told_by_person_and_leaves_nothing_half(organiser: FlaskClient, app: Flask, people: list[int]):
    with app.app_context():
        other = elsewhere()
        db.session.get_one(Registration, people[2]).congress_id = other
        db.session.commit()
    bulk(organiser, "reject", ids=people[:1], why="no longer a member")

    status, said = bulk(organiser, "wait", ids=[*people, 99999], why="too many")

    assert (status, states(app, people)) == (200, [State.REJECTED, State.WAITING, State.SUBMITTED])
    assert "1 person waits now." in said
    assert "2 registrations are not of this congress and were not touched." in said
    refusals = re.findall(r'registrations/(\d+)/">([^<]*)</a><br>', said)
    assert refusals == [(str(people[0]), "Zoë Waits")]
    assert mails(app, "registration_waiting") == [people[1]]


def elsewhere() -> int:
    """The id of another congress."""
    here = the_congress()
    columns = {each.key: getattr(here, each.key) for each in Congress.__mapper__.column_attrs if each.key not in {"id", "slug"}}
    other = Congress(**columns, slug="elsewhere2018")
    db.session.add(other)
    db.session.flush()
    return other.id


def test_who_is_not_accepted_is_told_why(organiser: FlaskClient, app: Flask, people: list[int]):
    asked = bulk(organiser, "reject", ids=people[:2])
    assert (asked[0], states(app, people)[0]) == (200, State.SUBMITTED)
    assert re.findall(r"<li>(\w+ \w+), ", asked[1]) == ["Zoë Waits", "Łucja Żak"]
    assert bulk(organiser, "reject", ids=people[:2], why="  ")[0] == 422
    assert bulk(organiser, "reject", ids=people[:2], why="after the closing")[0] == 303
    assert states(app, people) == [State.REJECTED, State.REJECTED, State.SUBMITTED]
    assert mails(app, "registration_rejected") == people[:2]


def test_links_are_sent_again_once_however_often_one_clicks(organiser: FlaskClient, app: Flask, people: list[int]):
    for _click in range(2):
        bulk(organiser, "send_link", ids=people[:1])
    assert set(mails(app, "personal_link")) == {people[0]}
    assert len(mails(app, "personal_link")) <= 2  # the clicks may lie in two minutes


def test_who_is_written_to_are_those_who_were_ticked(organiser: FlaskClient, people: list[int]):
    data = {"csrf_token": csrf_token(organiser, PAGE), "decision": "message"}
    ticked = organiser.post(f"{PAGE}bulk", data={**data, "ids": people[:2]}).location
    everybody = organiser.post(f"{PAGE}bulk", data={**data, "all": "1", "seen": "1", "filter": "q=zak"}).location
    assert ticked.endswith(f"/mails/new?to=registrations&ids={people[0]},{people[1]}")
    assert everybody.endswith("/mails/new?to=registrations&q=zak")


def test_forms_that_nobody_was_shown_change_nothing(organiser: FlaskClient, app: Flask):
    with app.app_context():
        everybody = list(db.session.scalars(select(Registration.id)))
    before = states(app, everybody)
    forms = [
        ("confirm", {}, 303),
        ("confirm", {"ids": ["x", "-1", "9" * 30, "1 OR 1=1"]}, 303),
        ("confirm", {"all": "1", "filter": "q=zak", "seen": "x"}, 303),
        ("confirm", {"filter": "q=a\r\nSet-Cookie: b=c"}, 303),
        ("message", {"all": "1", "filter": "to=delegations&_external=1&endpoint=x", "seen": str(len(everybody))}, 303),
        ("cancel", {"ids": ["1"]}, 400),
        ("", {"ids": ["1"]}, 400),
    ]
    assert [bulk(organiser, decision, **values)[0] for decision, values, _status in forms] == [status for *_form, status in forms]
    assert states(app, everybody) == before


def test_too_many_at_once_are_refused(organiser: FlaskClient, app: Flask, people: list[int], monkeypatch):
    monkeypatch.setattr(decisions, "MOST", 2)
    assert "These are 3 people. At most 2 at once" in bulk(organiser, "confirm", ids=people)[1]
    assert states(app, people) == [State.SUBMITTED] * 3


def test_who_only_reads_the_programme_sees_nobody(app: Flask, people: list[int]):
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    draft = "/desk/krakowice2018/calendar/"  # which this role may open: its form's token is good
    addresses = ["", f"{people[0]}/", f"{people[0]}/edit", "new", "export.csv", "export.xlsx", f"{people[0]}/merge/{people[1]}"]
    assert [reader.get(PAGE + each).status_code for each in addresses] == [403] * len(addresses)
    assert reader.get("/desk/krakowice2018/imports/").status_code == 403
    assert bulk(reader, "confirm", page=draft, ids=people)[0] == 403
    assert states(app, people) == [State.SUBMITTED] * 3


def test_who_is_at_the_registration_desk_decides_but_sees_nothing_sensitive(app: Flask, people: list[int]):
    client = sign_in_as(app, RoleKind.REGISTRATION_DESK)
    assert bulk(client, "confirm", ids=people[:1])[0] == 303
    token = csrf_token(client, PAGE)
    assert client.post(f"{PAGE}{people[0]}/sensitive", data={"csrf_token": token}).status_code == 403
    assert states(app, people)[0] is State.CONFIRMED


def test_who_is_not_signed_in_gets_the_door(client: FlaskClient, app: Flask, people: list[int]):
    assert client.get(PAGE).location == f"/desk/sign-in?next={PAGE}"
    assert bulk(client, "confirm", page="/desk/sign-in", ids=people)[0] == 403
    assert client.post(f"{PAGE}bulk", data={"ids": people, "decision": "confirm"}).status_code == 400  # no token of a form
    assert states(app, people) == [State.SUBMITTED] * 3


def test_the_city_in_the_filter_is_named(organiser):
    pages = [organiser.get(f"{PAGE}?city={slug}").text for slug in ("lodz", "no-such-city")]
    assert ["City: Łódź" in pages[0], "City: no-such-city" in pages[1]] == [True, True]


def test_a_name_that_is_misspelt_is_answered_with_those_that_resemble_it(people, organiser):
    page = html.unescape(organiser.get(PAGE, query_string={"q": "Angstrem Lodz"}).text)
    found = page.partition("Nobody is written like this. Is it one of these?")[2]
    named = re.findall(r'registrations/(\d+)/">([^<]+)</a>', found)
    assert {(str(people[1]), "Żak, Łucja"), (str(people[2]), "Ångström, Astrid")} <= set(named)
    assert "Nothing matches" in organiser.get(PAGE, query_string={"q": "0000000"}).text
