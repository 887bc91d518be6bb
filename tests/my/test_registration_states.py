"""``/my/registration/<token>/``: what the page says in each state, offers and consents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.clock import now
from congress.core.db import db
from congress.registration import services
from congress.registration.form import consents
from congress.registration.models import Registration
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration
from tests.registration_form import begin, link_of

Arrange = Callable[[Registration], None]


def personal(app: Flask, arrange: Arrange) -> str:
    """The personal page of a new person, arranged and committed."""
    with app.app_context():
        made = make_registration(now=NOW)
        arrange(made)
        path = f"/my/registration/{services.link_token(made, app.config['SECRET_KEY'])}/"
        db.session.commit()
        return path


def newest(app: Flask) -> Registration:
    return db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()  # type: ignore[return-value]


def post(client: FlaskClient, path: str, action: str) -> tuple[int, str]:
    answer = client.post(path + action, data={"csrf_token": csrf_token(client, "/krakowice2018/registration/")})
    return answer.status_code, answer.location or ""


def invited(made: Registration) -> None:
    made.state, made.submitted_at = State.INVITED, None


def waiting(made: Registration) -> None:
    services.put_on_waiting_list(made, actor=HOSTS, now=NOW)


def offered(until: datetime) -> Arrange:
    def arrange(made: Registration) -> None:
        waiting(made)
        made.holds_place, made.offered_until = True, until

    return arrange


def asked(made: Registration) -> None:
    made.awaits_focal_point = True


def confirmed(made: Registration) -> None:
    services.confirm(made, actor=HOSTS, now=NOW)


def rejected(made: Registration) -> None:
    services.reject(made, actor=HOSTS, now=NOW)


def replaced(made: Registration) -> None:
    services.move(made, State.REPLACED, HOSTS, NOW)


@pytest.mark.parametrize(
    ("arrange", "status", "said"),
    [
        (invited, 200, ["Your place is kept.", "Fill in my part"]),
        (waiting, 200, ["You are on the waiting list", "Your number in the waiting list: 1."]),
        (asked, 200, ["Your city’s focal point is asked to confirm", "My programme", "Still to fill in:"]),
        (confirmed, 200, ["Your participation is confirmed.", "My calendar"]),
        (rejected, 410, ["This registration was not accepted"]),
        (replaced, 410, ["Somebody else comes in this place"]),
    ],
)
def test_each_state_is_told_in_words(app: Flask, client: FlaskClient, arrange: Arrange, status: int, said: list[str]):
    page = client.get(personal(app, arrange))
    assert (page.status_code, [sentence in page.text for sentence in said]) == (status, [True] * len(said))


def test_what_was_begun_is_gone_on_with_from_the_personal_page(client: FlaskClient):
    link = link_of(begin(client))
    page = client.get(link).text
    assert ["has not been sent yet" in page, f'href="{link}form/"' in page, "webcal" in page] == [True, True, False]


def test_an_offered_place_is_taken_with_a_button(app: Flask, client: FlaskClient):
    path = personal(app, offered(now() + timedelta(hours=3)))
    shown = client.get(path).text

    answer = post(client, path, "accept-offer")

    assert ("A place has become free for you." in shown, answer) == (True, (303, path))
    with app.app_context():
        assert (newest(app).state, newest(app).holds_place, newest(app).offered_until) == (State.SUBMITTED, True, None)


def test_an_offer_that_has_ended_is_not_taken_and_the_page_says_so(app: Flask, client: FlaskClient):
    path = personal(app, offered(datetime(2018, 5, 11, tzinfo=UTC)))

    post(client, path, "accept-offer")

    assert "The offer has ended." in client.get(path).text
    with app.app_context():
        assert newest(app).state is State.WAITING


def test_a_consent_is_withdrawn_and_given_again_but_for_the_one_that_is_needed(app: Flask, client: FlaskClient):
    path = personal(app, lambda made: consents.give(made, ConsentKind.PHOTOS, now=NOW))
    held = []
    for action in ("withdraw/photos", "give/hotel", "give/photos", "withdraw/privacy"):
        post(client, path, f"consents/{action}")
        with app.app_context():
            held.append({kind.value for kind in consents.given(newest(app))})

    assert held == [{"privacy"}, {"privacy", "hotel"}, *[{"privacy", "hotel", "photos"}] * 2]
    assert "Without this consent we cannot keep your registration." in client.get(path).text
    with app.app_context():
        assert [each.withdrawn_at is None for each in newest(app).consents if each.kind is ConsentKind.PHOTOS] == [False, True]


def test_a_consent_of_a_wrong_kind_or_link_changes_nothing(app: Flask, client: FlaskClient):
    path = personal(app, asked)
    wrong = [(path, "consents/give/everything"), (path, "consents/take/photos"), ("/my/registration/x/", "consents/give/photos")]
    assert [post(client, *each)[0] for each in wrong] == [404] * 3
