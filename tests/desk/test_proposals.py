"""``/desk/<congress>/field/`` and ``/desk/<congress>/proposals/``: coordinators propose, organisers decide."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.accounts.models import Account
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.vocabulary import Field
from congress.outbox.models import Message
from congress.programme.models import Contributor
from congress.programme.proposals.models import Proposal
from congress.programme.vocabulary import Part, ProposalState
from congress.web.mail import compose
from tests.conftest import csrf_token, sign_in_as
from tests.factories import make_session, the_city, the_item
from tests.statements import statements

DESK = "/desk/krakowice2018"
FIELD, PROPOSALS = f"{DESK}/field/", f"{DESK}/proposals/"
LITERATURE, MUSIC = "P029", "P030"  # meetings of two subgroups


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    """The browser of the coordinator of literature, who reads Polish."""
    client = sign_in_as(app, RoleKind.FIELD_COORDINATOR, field="literature")
    with app.app_context():
        db.session.scalars(select(Account).where(Account.email.like("field%"))).one().language = "pl"
        session = the_item(LITERATURE)
        session.contributors = [Contributor(name="Ada Nowa", may_be_named=True)]
        db.session.commit()
    return client


def values(client: FlaskClient, path: str) -> dict[str, str]:
    """The form of a page as a browser would send it back."""
    text = client.get(path).text.partition('id="proposal"')[2].partition("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([^"]+)"', tag)
        if name and (kind is None or kind[1] != "checkbox" or "checked" in tag):
            found[name[1]] = html.unescape(value[1] if (value := re.search(r'value="([^"]*)"', tag)) else "")
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = html.unescape(inside).strip("\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        found[name] = re.findall(r'<option selected value="([^"]*)"', options)[0]
    return found


def propose(client: FlaskClient, code: str = LITERATURE, **changes: str) -> TestResponse:
    return client.post(f"{FIELD}{code}", data=values(client, f"{FIELD}{code}") | changes)


def decide(client: FlaskClient, number: int, how: str, **changes: str) -> TestResponse:
    page = client.get(f"{PROPOSALS}{number}/").text
    token = csrf_token(client, f"{PROPOSALS}{number}/")
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    return client.post(f"{PROPOSALS}{number}/{how}", data={"csrf_token": token, "seen": seen, **changes})


def stored(app: Flask) -> list[tuple[int, ProposalState]]:
    with app.app_context():
        return [(each.id, each.state) for each in db.session.scalars(select(Proposal).order_by(Proposal.id))]


def cells(client: FlaskClient, path: str) -> list[list[str]]:
    """The rows of the last table of a page in words."""
    rows = client.get(path).text.rpartition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    return [
        [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]  # fmt: skip


def test_a_coordinator_sees_the_sessions_of_the_own_field_only(coordinator):
    page = coordinator.get(f"{FIELD}?lang=en").text
    assert re.findall(r'href="/desk/krakowice2018/field/(\w+)"', page) == ["P013", "P029"]
    assert [coordinator.get(f"{FIELD}{code}").status_code for code in (LITERATURE, MUSIC, "P022", "X")] == [200, 404, 404, 404]
    token = csrf_token(coordinator, f"{FIELD}{LITERATURE}")
    assert coordinator.post(f"{FIELD}{MUSIC}", data={"csrf_token": token, "title_en": "Mine"}).status_code == 404
    assert coordinator.post(f"{FIELD}{MUSIC}/take-back", data={"csrf_token": token}).status_code == 404


def test_from_a_proposal_to_the_draft_and_a_mail(app, coordinator, organiser):
    answer = propose(
        coordinator, title_pl="Literatura: obrady", description_en="10:00 Welcome\r\n10:15 Projects", takes_guests="y",
        **{"people-1-name": "Jan Nowy, Gdynia", "people-1-part": "chair", "people-1-order": "1", "people-0-order": "2",
           "people-0-minutes": "10"},
    )  # fmt: skip
    assert answer.status_code == 303
    ((number, _state),) = stored(app)
    assert "Subnetwork meeting: Literature" in organiser.get(f"{PROPOSALS}?lang=en").text
    assert "1 proposal of a coordinator waits" in organiser.get(f"{DESK}/").text
    assert cells(organiser, f"{PROPOSALS}{number}/") == [
        ["Title Polski", "Obrady podgrupy: Literatura", "Literatura: obrady"],
        ["Agenda and description English", "–", "10:00 Welcome 10:15 Projects"],
        ["Guests of other fields", "no", "yes"],
        ["People", "Ada Nowa Speaker", "Jan Nowy, Gdynia Chair Ada Nowa Speaker, 10 minutes"],
    ]
    assert decide(organiser, number, "approve").status_code == 303
    with app.app_context():
        item = the_item(LITERATURE)
        assert (item.titles["pl"], item.descriptions["en"], item.takes_guests) == (
            "Literatura: obrady", "10:00 Welcome\n10:15 Projects", True,
        )  # fmt: skip
        assert [(each.name, each.may_be_named) for each in item.contributors] == [("Jan Nowy, Gdynia", False), ("Ada Nowa", True)]
        message = db.session.scalars(select(Message).where(Message.template == "proposal_approved")).one()
        mail = compose(message)
        assert (message.recipient, message.language, mail["Content-Language"]) == ("field_coordinator@desk.example", "pl", "pl")
        assert f"{FIELD}{LITERATURE}" in mail.get_body(("plain",)).get_content()


def test_a_rejection_needs_a_reason_which_its_mail_tells(app, coordinator, organiser):
    propose(coordinator, title_en="Something else")
    ((number, _state),) = stored(app)
    refused = decide(organiser, number, "reject", reason=" ")
    assert (refused.status_code, "Write why" in refused.text, stored(app)) == (422, True, [(number, ProposalState.WAITING)])
    assert decide(organiser, number, "reject", reason="The title is that of the network.").status_code == 303
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.template == "proposal_rejected")).one()
        body = compose(message).get_body(("plain",)).get_content()
        assert ("The title is that of the network." in body, the_item(LITERATURE).titles["en"]) == (
            True, "Subnetwork meeting: Literature",
        )  # fmt: skip
    assert "The title is that of the network." in coordinator.get(FIELD).text
    again = decide(organiser, number, "approve")
    assert (again.status_code, stored(app)) == (409, [(number, ProposalState.REJECTED)])


def test_what_changed_meanwhile_is_shown_before_it_can_be_approved(app, coordinator, organiser):
    propose(coordinator, title_en="Letters")
    ((number, _state),) = stored(app)
    page = organiser.get(f"{PROPOSALS}{number}/").text
    old = {
        "csrf_token": csrf_token(organiser, f"{PROPOSALS}{number}/"),
        "seen": page.partition('name="seen" value="')[2].partition('"')[0],
    }
    with app.app_context():
        session = the_item(LITERATURE)
        session.titles = Localised(en="Books", pl="Książki")
        db.session.commit()
    refused = organiser.post(f"{PROPOSALS}{number}/approve", data=old)
    assert (refused.status_code, "has changed since this was proposed" in refused.text) == (409, True)
    changed = refused.text.partition("has changed since this was proposed")[2].partition("</table>")[0]
    assert [word in changed for word in ("Subnetwork meeting: Literature", "Books", "Książki", "Letters")] == [
        True,
        True,
        True,
        False,
    ]
    assert stored(app) == [(number, ProposalState.WAITING)]
    assert decide(organiser, number, "approve").status_code == 303
    with app.app_context():
        assert the_item(LITERATURE).titles == Localised(en="Letters", pl="Książki")


def test_coordinator_and_deputy_do_not_overwrite_each_other(app, coordinator):
    first = values(coordinator, f"{FIELD}{LITERATURE}")
    propose(coordinator, title_en="Letters")
    answer = coordinator.post(f"{FIELD}{LITERATURE}", data=first | {"title_en": "Words", "remark": "from the deputy"})
    assert (answer.status_code, 'value="Words"' in answer.text, len(stored(app))) == (409, True, 1)
    assert propose(coordinator, title_en="Words").status_code == 303
    assert [state for _number, state in stored(app)] == [ProposalState.REPLACED, ProposalState.WAITING]


def test_a_proposal_is_taken_back(app, coordinator):
    propose(coordinator, title_en="Letters")
    token = csrf_token(coordinator, f"{FIELD}{LITERATURE}")
    for _click in range(2):
        assert coordinator.post(f"{FIELD}{LITERATURE}/take-back", data={"csrf_token": token}).status_code == 303
    assert [state for _number, state in stored(app)] == [ProposalState.REPLACED]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_en": ""}, {"title_pl": "x" * 10_000}, {"description_en": "x" * 10_000}, {"people-0-part": "pope"},
        {"people-0-minutes": "-5"}, {"people-0-minutes": "ten"}, {"people-0-name": "x" * 600},
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_reason_and_proposes_nothing(app, coordinator, wrong):
    answer = propose(coordinator, **wrong)
    assert (answer.status_code, "error-summary" in answer.text, stored(app)) == (422, True, [])


def test_ids_of_other_peoples_rows_in_the_form_name_nobody(app, coordinator, organiser):
    with app.app_context():
        music = the_item(MUSIC)
        music.contributors.append(Contributor(name="Ewa Inna", may_be_named=True))
        db.session.commit()
        foreign = str(music.contributors[-1].id)
    propose(
        coordinator, **{"people-1-id": foreign, "people-1-name": "Jan Nowy", "people-2-id": "1' OR 1", "people-2-name": "Zoe"}
    )
    decide(organiser, stored(app)[0][0], "approve")
    with app.app_context():
        assert [each.name for each in the_item(LITERATURE).contributors] == ["Ada Nowa", "Jan Nowy", "Zoe"]
        assert [each.name for each in the_item(MUSIC).contributors][-1:] == ["Ewa Inna"]


def test_a_mayor_of_whom_only_the_city_is_known_stays_whatever_is_proposed(app, coordinator, organiser):
    with app.app_context():
        session = the_item(LITERATURE)
        session.contributors.append(Contributor(name="", part=Part.MAYOR, city=the_city("kanazawa"), minutes=5))
        db.session.commit()

    def stand() -> list[tuple[str, str, int | None]]:
        with app.app_context():
            session = the_item(LITERATURE)
            return [(each.name, each.city.slug if each.city else "", each.minutes) for each in session.contributors]

    assert "Kanazawa" in coordinator.get(f"{FIELD}{LITERATURE}?lang=en").text
    propose(coordinator, title_en="Letters")
    ((number, _state),) = stored(app)
    assert [row[0] for row in cells(organiser, f"{PROPOSALS}{number}/?lang=en")] == ["Title English"]
    decide(organiser, number, "approve")
    assert stand() == [("Ada Nowa", "", None), ("", "kanazawa", 5)]

    propose(coordinator, **{"people-1-order": "1", "people-0-order": "2", "people-1-minutes": "7"})
    number = stored(app)[-1][0]
    assert cells(organiser, f"{PROPOSALS}{number}/?lang=en") == [
        ["People", "Ada Nowa Speaker Kanazawa Mayor, 5 minutes", "Kanazawa Mayor, 7 minutes Ada Nowa Speaker"]
    ]
    decide(organiser, number, "approve")
    assert stand() == [("", "kanazawa", 7), ("Ada Nowa", "", None)]


def test_a_proposal_of_another_congress_is_not_found(organiser):
    assert [organiser.get(f"{PROPOSALS}{number}/").status_code for number in (0, 99, 2**31)] == [404, 404, 404]


def test_lists_ask_the_same_number_of_questions_for_one_and_for_three(app, coordinator, organiser):
    def asked(client: FlaskClient, path: str) -> int:
        client.get(path)  # what was said is shown once
        with app.app_context(), statements() as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    propose(coordinator, title_en="Letters")
    pages = ((coordinator, FIELD), (organiser, PROPOSALS))
    before = [asked(*page) for page in pages]
    with app.app_context():
        made = [make_session(field=Field.LITERATURE) for _each in range(2)]
        db.session.add_all(made)
        db.session.commit()
        codes = [each.code for each in made]
    for code in codes:
        assert propose(coordinator, code, title_en="Letters").status_code == 303
    assert [asked(*page) for page in pages] == before


def test_the_page_of_releases_names_what_waits_to_those_who_approve(app: Flask, coordinator: FlaskClient, organiser: FlaskClient):
    said = "1 proposal of a coordinator waits for your approval."
    before = said in organiser.get(f"{DESK}/releases/").text
    propose(coordinator, title_en="Meeting of writers")
    pages = [each.get(f"{DESK}/releases/").text for each in (organiser, sign_in_as(app, RoleKind.REGISTRATION_DESK))]
    assert (before, [said in page for page in pages]) == (False, [True, False])
    assert f'href="{PROPOSALS}"' in pages[0]
