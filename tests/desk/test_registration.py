"""``/desk/<congress>/registrations/<id>/``: one person."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from congress.core.db import db
from congress.delegates.vocabulary import Category
from congress.feeds.models import FeedToken
from congress.outbox.models import Message
from congress.registration import services
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Booking, Consent, Move, Registration, SensitiveLook
from congress.registration.states import State
from congress.registration.vocabulary import BookingState, ConsentKind
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration, the_item

PAGE = "/desk/krakowice2018/registrations/"
WALK_IN = {
    "category": "delegate",
    "city": "lodz",
    "given_name": "Ewa",
    "family_name": "Nowa",
    "email": "ewa@lodz.example",
    "language": "pl",
}


@pytest.fixture
def zoe(app: Flask) -> int:
    """The id of somebody from Łódź who is to be confirmed."""
    return made(app, given_name="Zoë", family_name="Waits", city="lodz")


def made(app: Flask, **values: object) -> int:
    with app.app_context():
        registration = make_registration(**values)
        db.session.commit()
        return registration.id


def page_of(client: FlaskClient, registration_id: int) -> str:
    return html.unescape(client.get(f"{PAGE}{registration_id}/").text)


def shown(client: FlaskClient, path: str) -> dict[str, str]:
    """What the forms of a page carry: the token, and which version was shown."""
    return dict(re.findall(r'name="(csrf_token|version|seen|submission)"[^>]* value="([^"]+)"', client.get(PAGE + path).text))


def post(client: FlaskClient, path: str, page: str, values: dict[str, str] | None = None, **more: object) -> tuple[int, str]:
    answer = client.post(PAGE + path, data={**(values or shown(client, page)), **more})
    return answer.status_code, html.unescape(answer.text if answer.status_code != 303 else client.get(answer.location).text)


def of(app: Flask, registration_id: int) -> tuple[State, str, str]:
    """State, name and category as they stand in the database."""
    with app.app_context():
        found = db.session.get_one(Registration, registration_id)
        return found.state, found.delegate.person.name, found.delegate.category.value


def queued(app: Flask, registration_id: int) -> list[str]:
    with app.app_context():
        about = Message.about == f"registration:{registration_id}"
        return list(db.session.scalars(select(Message.template).where(about).order_by(Message.id)))


def test_decisions_follow_one_another_and_stand_in_the_history(organiser: FlaskClient, app: Flask, zoe: int):
    page = f"{zoe}/"
    for decision, why in [
        ("confirm", ""),
        ("wait", "a mayor comes"),
        ("confirm", ""),
        ("reject", "a mistake"),
        ("bring_back", ""),
        ("cancel", "asked by phone"),
    ]:
        assert post(organiser, f"{page}decide", page, decision=decision, why=why)[0] == 303
    with app.app_context():
        moves = db.session.execute(select(Move.after, Move.name, Move.why).where(Move.registration_id == zoe).order_by(Move.id))
        history = [(after.value, why) for after, name, why in moves if name == "organiser@krakowice.example"]
    assert history == [
        ("confirmed", ""), ("waiting", "a mayor comes"), ("confirmed", ""), ("rejected", "a mistake"), ("submitted", ""),
        ("cancelled", "asked by phone"),
    ]  # fmt: skip
    assert "asked by phone" in page_of(organiser, zoe)


def test_a_page_that_was_loaded_before_a_change_changes_nothing(organiser: FlaskClient, app: Flask, zoe: int):
    before = shown(organiser, f"{zoe}/")
    with app.app_context():
        services.withdraw(db.session.get_one(Registration, zoe), now=NOW, why="cannot come")
        db.session.commit()
    status, said = post(organiser, f"{zoe}/decide", f"{zoe}/", before, decision="bring_back")
    assert (status, of(app, zoe)[0]) == (409, State.CANCELLED)
    assert "Somebody else has changed this registration" in said
    assert said.index("cannot come") < said.index("Travel and stay")  # at the top: what happened


def test_a_decision_needs_its_reason_and_its_state(organiser: FlaskClient, app: Flask, zoe: int):
    sent = [("wait", "", 422), ("reject", " \u202e", 422), ("x", "y", 400), ("bring_back", "", 303)]
    answers = [post(organiser, f"{zoe}/decide", f"{zoe}/", decision=decision, why=why)[0] for decision, why, _status in sent]
    assert (answers, of(app, zoe)[0]) == ([status for *_form, status in sent], State.SUBMITTED)


def test_nobody_is_shown_who_is_not_there(organiser: FlaskClient):
    form = {"csrf_token": csrf_token(organiser, PAGE), "decision": "confirm", "until": "2018-06-01"}
    answers = set()
    for number in ("0", "99999", "2147483647", "2147483648", "9" * 40, "x"):
        answers |= {organiser.get(f"{PAGE}{number}/{each}").status_code for each in ("", "edit", "replace", "merge/1")}
        answers |= {
            organiser.post(f"{PAGE}{number}/{each}", data=form).status_code for each in ("decide", "new-link", "sensitive")
        }
    assert answers == {404}


def test_a_new_link_ends_the_old_one(organiser: FlaskClient, client: FlaskClient, app: Flask, zoe: int):
    def link() -> str:
        with app.app_context():
            token = services.link_token(db.session.get_one(Registration, zoe), app.config["SECRET_KEY"])
            return f"/my/registration/{token}/"

    old = link()
    assert post(organiser, f"{zoe}/new-link", f"{zoe}/")[0] == 303
    assert (client.get(old).status_code, client.get(link()).status_code, queued(app, zoe)[-1]) == (404, 200, "personal_link")


def test_what_is_sensitive_is_shown_after_the_look_is_written_down(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        db.session.add(Needs(registration_id=zoe, content={"diets": ["vegan"], "allergies": "walnuts"}, changed_at=NOW))
        db.session.add(Passport(registration_id=zoe, needs_letter=True, content={"number": "AB123"}, changed_at=NOW))
        db.session.commit()
    before = page_of(organiser, zoe)
    assert [word for word in ("vegan", "walnuts", "AB123") if word in before] == []
    seen = post(organiser, f"{zoe}/sensitive", f"{zoe}/")
    assert (seen[0], [word for word in ("vegan", "walnuts", "AB123") if word in seen[1]]) == (200, ["vegan", "walnuts", "AB123"])
    with app.app_context():
        looks = [(each.registration_id, each.account) for each in db.session.scalars(select(SensitiveLook))]
    assert looks == [(zoe, "organiser@krakowice.example")]


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The values of an edit form as the browser has them."""
    text = html.unescape(client.get(PAGE + path).text)
    values = {
        name: value for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', text) if name != "over_limit"
    }
    return values | dict(re.findall(r'<select[^>]* name="(\w+)".*?<option selected value="([^"]*)"', text, re.DOTALL))


def test_names_badge_and_category_are_corrected(organiser: FlaskClient, app: Flask, zoe: int):
    values = fields(organiser, f"{zoe}/edit") | {"family_name": "Wájts", "category": "mayor", "badge_name": "Z. W."}
    assert post(organiser, f"{zoe}/edit", "", values)[0] == 303
    assert of(app, zoe) == (State.SUBMITTED, "Zoë Wájts", "mayor")
    assert "corrected: family name, name on the badge, category" in page_of(organiser, zoe).lower()
    assert "Wájts, Zoë" in html.unescape(organiser.get(f"{PAGE}?q=wajts").text)


def test_two_who_correct_at_once_are_told(organiser: FlaskClient, app: Flask, zoe: int):
    mine, theirs = fields(organiser, f"{zoe}/edit"), fields(organiser, f"{zoe}/edit")
    post(organiser, f"{zoe}/edit", "", theirs | {"function": "Head of culture"})
    status, said = post(organiser, f"{zoe}/edit", "", mine | {"family_name": "Mine"})
    assert (status, of(app, zoe)[1]) == (409, "Zoë Waits")
    assert ("Function is now: Head of culture" in said, 'value="Mine"' in said) == (True, True)


def test_what_cannot_be_is_not_saved(organiser: FlaskClient, app: Flask, zoe: int):
    values = fields(organiser, f"{zoe}/edit")
    odd = [{"email": "x"}, {"given_name": ""}, {"category": "king"}, {"family_name": "a\x07b"}, {"part": ""}, {"title": "x" * 41}]
    assert [post(organiser, f"{zoe}/edit", "", values | changes)[0] for changes in odd] == [422] * len(odd)
    assert of(app, zoe) == (State.SUBMITTED, "Zoë Waits", "delegate")


def test_nobody_gets_the_name_of_somebody_who_is_registered(organiser: FlaskClient, app: Flask, zoe: int):
    other = made(app, given_name="Ann", family_name="Other", email="ann@x.example", city="krakow")
    values = fields(organiser, f"{zoe}/edit") | {"given_name": "Ann", "family_name": "Other", "email": "ann@x.example"}
    status, said = post(organiser, f"{zoe}/edit", "", values)
    assert (status, f"Number {other} is registered by this name" in said, of(app, zoe)[1]) == (422, True, "Zoë Waits")


def test_a_walk_in_is_confirmed_with_one_mail_however_often_the_form_comes(organiser: FlaskClient, app: Flask):
    values = shown(organiser, "new") | WALK_IN
    answers = [organiser.post(f"{PAGE}new", data=values) for _click in range(2)]
    assert answers[0].location == answers[1].location
    number = int(answers[0].location.rstrip("/").rpartition("/")[2])
    assert (of(app, number), queued(app, number)) == ((State.CONFIRMED, "Ewa Nowa", "delegate"), ["registration_confirmed"])
    again = post(organiser, "new", "new", shown(organiser, "new") | WALK_IN)
    assert (again[0], f"registered already (number {number})" in again[1]) == (422, True)


def test_over_the_limit_a_walk_in_waits_unless_there_is_a_reason(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        full = db.session.get_one(Registration, zoe).delegate.delegation
        full.max_override, full.limit_reason = 1, "small hall"
        db.session.commit()
    results = []
    for number, more in enumerate([{}, {"over_limit": "y"}, {"over_limit": "y", "why": "speaks at the opening"}]):
        values = shown(organiser, "new") | WALK_IN | {"email": f"ewa{number}@lodz.example"} | more
        answer = organiser.post(f"{PAGE}new", data=values)
        results.append(
            of(app, int(answer.location.rstrip("/").rpartition("/")[2]))[0] if answer.status_code == 303 else answer.status_code
        )
    assert results == [State.WAITING, 422, State.CONFIRMED]


def test_a_candidate_city_is_shown_the_public_events(organiser: FlaskClient, app: Flask):
    status, said = post(organiser, "new", "new", shown(organiser, "new") | WALK_IN | {"city": "lublin"})
    assert (status, "Other cities are welcome at the public events" in said) == (422, True)


def test_another_person_takes_the_place(organiser: FlaskClient, app: Flask, zoe: int):
    post(organiser, f"{zoe}/decide", f"{zoe}/", decision="confirm")
    values = shown(organiser, f"{zoe}/replace") | {**WALK_IN, "email": "new@lodz.example"}
    answer = organiser.post(f"{PAGE}{zoe}/replace", data=values)
    new = int(answer.location.rstrip("/").rpartition("/")[2])
    assert (of(app, zoe)[0], of(app, new)) == (State.REPLACED, (State.CONFIRMED, "Ewa Nowa", "delegate"))
    assert organiser.post(f"{PAGE}{zoe}/replace", data=values).location == f"{PAGE}{zoe}/"  # sent twice: nobody more
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Registration.replaces_id == zoe)) == 1


def test_two_of_one_person_are_merged(organiser: FlaskClient, app: Flask, zoe: int):
    other = made(
        app,
        given_name="Zoë",
        family_name="Waits",
        city="lodz",
        email="zoe@home.example",
        consents=[ConsentKind.PRIVACY, ConsentKind.PHOTOS],
    )
    with app.app_context():
        item = the_item("P022").id
        for number in (zoe, other):
            db.session.add(Booking(registration_id=number, item_id=item, state=BookingState.TAKEN, booked_at=NOW))
        db.session.add(Stay(registration_id=other, arrival_on=date(2018, 6, 11), changed_at=NOW))
        db.session.commit()
    assert f"/registrations/{zoe}/merge/{other}" in page_of(organiser, zoe)

    assert post(organiser, f"{zoe}/merge/{other}", f"{zoe}/merge/{other}")[0] == 303

    assert [of(app, each)[0] for each in (zoe, other)] == [State.SUBMITTED, State.CANCELLED]
    with app.app_context():
        assert db.session.get(Stay, zoe).arrival_on == date(2018, 6, 11)
        assert [each.registration_id for each in db.session.scalars(select(Booking).where(Booking.item_id == item))] == [zoe]
        consents = db.session.execute(
            select(Consent.registration_id, Consent.kind).where(Consent.registration_id.in_([zoe, other]))
        )
        assert {(number, kind.value) for number, kind in consents} == {(zoe, "privacy"), (zoe, "photos"), (other, "privacy")}
        live = select(FeedToken).where(FeedToken.registration_id == other, FeedToken.revoked_at.is_(None))
        assert db.session.scalar(live) is None
    assert "registration_withdrawn" not in queued(app, other)
    assert "merged with number" in page_of(organiser, zoe).lower()


def test_the_one_with_the_place_is_kept(organiser: FlaskClient, app: Flask, zoe: int):
    other = made(app, given_name="Zoë", family_name="Waits", city="lodz", email="zoe@home.example")
    with app.app_context():
        services.put_on_waiting_list(db.session.get_one(Registration, zoe), actor=HOSTS, now=NOW)
        db.session.commit()
    with app.app_context():
        holds = db.session.get_one(Registration, other).holds_place
    status, said = post(organiser, f"{zoe}/merge/{other}", f"{zoe}/merge/{other}")
    assert (holds, status, "Keep the other one." in said, of(app, other)[0]) == (True, 409, True, State.SUBMITTED)


def test_the_press_belongs_to_no_city(organiser: FlaskClient, app: Flask):
    number = made(app, city="", category=Category.PRESS)
    values = fields(organiser, f"{number}/edit") | {"category": "delegate"}
    assert (post(organiser, f"{number}/edit", "", values)[0], of(app, number)[2]) == (422, "press")
    assert organiser.get(f"{PAGE}{number}/replace").status_code == 404


def test_where_the_nights_are_spent_and_who_is_fetched_is_seen_at_the_desk(app, organiser, zoe):
    with app.app_context():
        nights = {"2018-06-11": "krakow", "2018-06-12": "krakow", "2018-06-14": "katowice"}
        db.session.add(Stay(registration_id=zoe, nights=nights, wants_transfer=True, changed_at=NOW))
        db.session.commit()
    page = " ".join(re.sub(r"<[^>]+>", " ", page_of(organiser, zoe)).split())
    assert "Nights Kraków: 2 · Katowice: 1 Transfer between airport or station and hotel yes" in page
