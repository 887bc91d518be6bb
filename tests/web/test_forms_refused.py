"""Every form, found by following the links, sent empty and sent wrong: what is wrong is said so that everybody finds it (WCAG 3.3.1, 3.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import DelegationState
from congress.outbox.models import Message, MessageState
from congress.programme.offerings import services as offerings
from congress.programme.proposals import queries as proposals
from congress.programme.proposals.models import Proposal
from congress.programme.vocabulary import OfferingKind
from congress.web.security import CLOSED
from tests import speaking
from tests.factories import NOW, make_contact, the_city, the_congress, the_item, the_placement
from tests.my.test_everything import signed_in
from tests.web.reading_errors import Said
from tests.web.test_hostile_input import Found, World, crawl, endpoint, world

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
__all__ = ["world"]  # a fixture

NOT_SHOWN_AGAIN = {"password", "new_password", "code", "credential", "username"}
TYPED = {"text", "email", "tel", "url", "search", "number", "date", "time", "password", "textarea"}
# Forms that take it, and why.
TAKEN = {
    ("desk.agenda.add", "empty"): "the first speaker of the list is chosen",
    ("desk.agenda.change", "empty"): "no minutes",
    ("desk.contacts.edit", "empty"): "takes the contact away",
    ("desk.delegation.limits", "empty"): "as in all cities",
    ("desk.network_cities.contact", "empty"): "takes the contact away",
    ("desk.registration.decide", "wrong"): "any reason is one",
    ("desk.releases.index", "empty"): "nothing is chosen: 409, as if it had been released meanwhile",
    ("desk.releases.only", "empty"): "no note",
    ("desk.releases.return_to", "empty"): "no note",
    ("desk.speakers.absences", "empty"): "always there",
    ("desk.timetable.show", "empty"): "without a time",
    ("desk.venues.hours", "empty"): "always open",
    ("my.delegation_form.show", "empty"): "needs that nobody has to tell",
    ("my.form.show", "empty"): "needs that nobody has to tell",
    ("my.speaker.show", "empty"): "names nobody",
}
# What the walk does not come to: buttons without a field that stand in other states than these; what scripts send; and four more.
BUTTONS = """
    desk.account.end desk.account.end_others desk.accounts.invite
    desk.accounts.reset desk.accounts.revoke desk.agenda.move_presentation desk.bookings.drop desk.bookings.guests desk.conflict_places.take
    desk.conflicts.take_back desk.delegation.confirm desk.delegation.reopen desk.delegations.invite desk.document_proposals.approve
    desk.document_proposals.reject desk.documents.restore desk.documents.withdraw desk.field.guests desk.field.take_back
    desk.field_documents.take_back desk.mail_texts.ours desk.mails.cancel desk.placements.restore desk.privacy.erase desk.questions.restore
    desk.questions.retire desk.questions.show desk.release_mails.drop desk.release_mails.send desk.release_mails.stop desk.releases.stop
    desk.roles.end desk.sign_ups.reopen desk.speakers.delete_photo desk.windows.remove my.delegation.reopen my.delegation.send_links
    my.delegation.submit my.delegation_lists.copy my.delegation_people.accept my.delegation_people.refuse my.everything.open_link
    my.everything.part_address my.form.sessions my.newsletter.leave my.registration.accept_offer my.registration.drop my.sessions.accept
    my.sessions.decline my.sign_ups.accept my.speaker.delete_photo security.change_email_confirm
    security.logout security.mf_recovery_codes security.tf_select security.wan_delete
"""
BY_SCRIPTS = """
    desk.timetable_moves.copy desk.timetable_moves.move security.wan_register_response security.wan_signin_response security.wan_verify
    security.wan_verify_response
"""
ELSEWHERE = {
    "desk.field_documents.edit": "the form of desk.field_documents.index",
    "desk.imports.show": "lists only: tests/desk/test_imports.py",
    "desk.registration_city.edit": "the city is chosen first: tests/desk/test_registration_city.py",
    "desk.programme_imports.show": "lists only: tests/desk/test_programme_imports.py",
    "invitations.show": "tests/desk/test_account.py",
    **{f"security.{name}": "tests/desk/test_account.py" for name in ("reset_password", "two_factor_setup_validate", "verify")},
    **{f"security.{name}": "tests/desk/test_sign_in.py" for name in (
        "login", "mf_recovery", "two_factor_token_validation", "us_signin",
    )},
    **{f"security.{name}": "answers 404" for name in CLOSED},
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def furnished(world: World) -> World:
    """The same world with more of what has forms: a speaker, an offer, a refused mail, what is to be released, a visit, a field of one's own."""
    with world.app.app_context():
        number, _public, token = speaking.speaker(agrees=True)
        speaking.speaker("Olga Inna", email="olga@kanazawa.example")
        speaking.put(number)
        speaking.document()
        speaking.release()
        begin_writing()
        account = db.session.scalars(select(Account)).first()
        mail = db.session.scalars(select(Message).where(Message.about.startswith("registration:"))).first()
        delegation = db.session.scalars(select(Delegation).where(Delegation.focal_email == "focal@kanazawa.example")).one()
        assert account is not None and mail is not None
        mail.state = MessageState.REFUSED
        db.session.add(
            Role(account_id=account.id, congress_id=the_congress().id, kind=RoleKind.FIELD_COORDINATOR, field="literature")
        )
        db.session.add(Role(account_id=account.id, network_id=the_congress().network_id, kind=RoleKind.SECRETARIAT))
        words = offerings.Words(
            kind=OfferingKind.PROJECT, field=None, titles=Localised(en="Letters"), descriptions=Localised(en="People wrote."),
            presenter="", minutes=10, website="",
        )  # fmt: skip
        offered = offerings.offer(delegation, words, now=NOW)
        item = the_item("P030")
        before = proposals.values(item)
        db.session.add(
            Proposal(
                item=item, content={"before": before, "after": {"places": 7}}, remark="", proposed_by=speaking.BY, proposed_at=NOW
            )
        )
        the_item("P022").titles = Localised(en="Another title", pl="Inny tytuł")
        make_contact("lodz", email="focal@lodz.example")
        of_field = delegation_of(the_congress(), the_city("dublin"))
        of_field.state, of_field.focal_email = DelegationState.INVITED, "focal@dublin.example"
        world.starts["organiser"] += [
            f"/desk/krakowice2018/{path}"
            for path in (
                f"speakers/{number}/",
                f"offerings/{offered.id}",
                f"mails/{mail.id}/",
                "releases/",
                "releases/1/return",
                f"releases/only/{the_placement('P022').uid}",
                "proposals/",
                "field/P029",
            )
        ]
        world.starts["focal point"].append(f"{world.starts['focal point'][0]}offerings/{offered.id}")
        world.starts["organiser"] += [
            "/desk/networks/",
            *(f"/desk/networks/uccn/{path}" for path in ("edit", "congresses/new", "cities/new", "cities/lodz/")),
        ]
        world.starts["person"].append(f"/my/speaker/{token}/")
        db.session.commit()
    world.clients["visitor of the door"] = signed_in(world.app, "focal@lodz.example")
    world.starts["visitor of the door"] = ["/my/everything/"]
    for client in world.clients.values():
        client.get("/?lang=pl")
    world.keep()
    return world


def sent(found: Found, wrong: str) -> dict[str, str]:
    """The form as somebody sends it who has filled in nothing, or ``wrong`` everywhere."""
    form = found.form
    fixed = {name: value for name, value in form.values if form.kinds[name] == "hidden"}
    lists = {name: value for name, value in form.values if form.kinds[name] == "select"}
    typed = {name: f"{wrong} {name}" if wrong else "" for name, kind in form.kinds.items() if kind in TYPED}
    button = next((each for each in form.buttons if not each[0]), form.buttons[0] if form.buttons else ("", "", ""))
    return fixed | (dict.fromkeys(lists, wrong) if wrong else lists) | typed | ({button[0]: button[1]} if button[0] else {})


def answered(world: World, found: Found, wrong: str) -> tuple[int, list[str]]:
    """The status of the answer, and what is missing on a page that shows the form again; anything that was written is taken back."""
    client, data = world.clients[found.session], sent(found, wrong)
    cookie = client.get_cookie("session")
    answer = client.post(goes_to(found), data=data, content_type="application/x-www-form-urlencoded")
    if answer.status_code == 422:
        typed = {name: text for name, text in data.items() if found.form.kinds.get(name) in TYPED and name not in NOT_SHOWN_AGAIN}
        return 422, Said(answer.text).mistakes() + [
            f"not kept: {name}" for name, text in typed.items() if text not in answer.text
        ]
    answer.close()
    world.restore()
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    return answer.status_code, []


def goes_to(found: Found) -> str:
    return urlsplit(urljoin(f"http://localhost{found.page}", found.form.action or found.page)).path


def test_every_form_sent_empty_or_wrong_says_at_its_fields_what_to_do(furnished: World):
    lacking, accepted, seen = dict[tuple[str, str], list[str]](), set[tuple[str, str]](), set[str]()
    for found in crawl(furnished):
        name = endpoint(furnished, goes_to(found), "POST") if found.form.method == "post" else ""
        seen.add(name)
        if not name or not set(found.form.kinds.values()) & TYPED:
            continue
        for how, wrong in {"empty": "", "wrong": "ź" * 6000}.items():
            status, lacks = answered(furnished, found, wrong)
            if status != 422:
                accepted.add((name, how))
            elif lacks:
                lacking[name, how] = lacks
    posts = {rule.endpoint for rule in furnished.app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    assert accepted - TAKEN.keys() == set()
    assert posts - seen - {*BUTTONS.split(), *BY_SCRIPTS.split(), *ELSEWHERE} == set()
    assert lacking == {}
