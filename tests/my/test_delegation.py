"""``/my/delegation/<token>/``: the delegation as a whole."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates import services as delegates
from congress.delegates.models import Delegation
from congress.delegates.vocabulary import DelegationState, Part, Step
from congress.outbox.models import Message
from congress.registration.delegations import people
from congress.registration.delegations.edits import Edit
from congress.registration.models import Registration
from congress.registration.questions.models import Question, Upload
from congress.registration.vocabulary import QuestionKind
from tests.conftest import csrf_token
from tests.factories import NOW, make_applicant, make_registration, the_city, the_congress
from tests.statements import statements

PDF = b"%PDF-1.4\n" + b"x" * 100 + b"\n%%EOF\n"


@pytest.fixture
def path(app: Flask) -> str:
    """The page of a delegation that was invited and has nobody yet."""
    with app.app_context():
        delegation = delegates.delegation_of(the_congress(), the_city("ostersund"))
        delegation.focal_email, delegation.state = "focal@ostersund.example", DelegationState.INVITED
        token = delegates.link_token(delegation, app.config["SECRET_KEY"])
        db.session.commit()
        return f"/my/delegation/{token}/"


@pytest.fixture
def with_three(app: Flask, path: str) -> str:
    """The same page with three people, the first of whom heads the delegation."""
    with app.app_context():
        add(app, "Anna", Part.HEAD), add(app, "Berit"), add(app, "Carl")
    return path


def add(app: Flask, name: str, part: Part = Part.MEMBER) -> int:
    delegation = the_delegation()
    applicant = make_applicant(given_name=name, family_name="Testsson", email=f"{name}@ostersund.example", part=part, consents=[])
    made = people.add(
        delegation, applicant, edit=Edit(delegation.version, "focal", NOW), key=app.config["SECRET_KEY"]
    )  # fmt: skip
    db.session.commit()
    return made.id


def the_delegation() -> Delegation:
    return delegates.delegation_of(the_congress(), the_city("ostersund"))


def states(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(select(Registration).order_by(Registration.id)).all()
        return [
            (each.delegate.person.given_name, each.state.value)
            for each in found
            if each.delegate.delegation_id == the_delegation().id
        ]


def state(app: Flask) -> str:
    with app.app_context():
        return the_delegation().state.value


def version(app: Flask) -> int:
    with app.app_context():
        return the_delegation().version


def post(app: Flask, client: FlaskClient, path: str, action: str, **data: object) -> tuple[int, str]:
    values = {"csrf_token": csrf_token(client, f"{path}paste"), "version": version(app), **data}
    answer = client.post(path + action, data=values, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_the_first_look_opens_the_invitation_and_says_what_to_do(app: Flask, client: FlaskClient, path: str):
    page = client.get(path)

    assert page.status_code == 200
    said = ["Delegation: Östersund", "0 of 3 places taken", "Nobody is in the delegation yet", "Add a person"]
    assert [words for words in said if words not in page.text] == []
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert state(app) == "opened"


def test_people_stand_with_what_is_missing_and_the_draft_can_be_sent(client: FlaskClient, with_three: str):
    page = client.get(with_three).text

    assert "3 of 3 places taken" in page
    assert "arrival and departure, nights, dietary and access needs, choice of sessions, consents" in page
    assert page.index("Anna Testsson") < page.index("Berit Testsson") < page.index("Carl Testsson")
    assert "Ready to send." in page


def test_a_required_question_of_the_organisers_is_named_where_it_was_not_answered(
    app: Flask, client: FlaskClient, with_three: str
):
    with app.app_context():
        labels, step = Localised(en="Which workshop language?", pl="W jakim języku?"), Step.ROLE
        db.session.add(
            Question(
                congress_id=the_congress().id, code="language", step=step, kind=QuestionKind.TEXT, labels=labels, helps=Localised(),
                is_required=True,
            )
        )  # fmt: skip
        db.session.commit()

    assert client.get(with_three).text.count("consents, answer: Which workshop language?") == 3


def test_sending_registers_everybody(app: Flask, client: FlaskClient, with_three: str):
    assert post(app, client, with_three, "submit")[0] == 303

    assert states(app) == [("Anna", "submitted"), ("Berit", "submitted"), ("Carl", "submitted")]
    assert state(app) == "submitted"
    assert "The hosts have your delegation" in client.get(with_three).text


def test_sending_what_is_not_ready_says_why_and_changes_nothing(app: Flask, client: FlaskClient, path: str):
    status, page = post(app, client, path, "submit")

    assert status == 422
    assert "Say who heads the delegation" in page
    assert "A delegation has at least 1 delegate; yours has 0." in page
    assert state(app) == "opened"


def test_sending_an_older_version_tells_what_changed_and_sends_nothing(app: Flask, client: FlaskClient, with_three: str):
    status, page = post(app, client, with_three, "submit", version=1)

    assert status == 409
    assert "person added – Carl Testsson" in page
    assert states(app) == [("Anna", "invited"), ("Berit", "invited"), ("Carl", "invited")]


def test_personal_links_go_to_all_who_have_none_yet_and_only_once(app: Flask, client: FlaskClient, with_three: str):
    assert [post(app, client, with_three, "send-links")[0] for _time in range(2)] == [303, 303]

    with app.app_context():
        sent = db.session.scalars(select(Message.recipient).where(Message.template == "person_invited").order_by(Message.id))
        assert list(sent) == ["Anna@ostersund.example", "Berit@ostersund.example", "Carl@ostersund.example"]


def test_withdrawing_everybody_ends_them_all(app: Flask, client: FlaskClient, with_three: str):
    assert post(app, client, with_three, "withdraw")[0] == 303

    assert states(app) == [("Anna", "cancelled"), ("Berit", "cancelled"), ("Carl", "cancelled")]


def test_a_city_says_with_reason_and_letter_that_nobody_comes_and_may_take_it_back(
    app: Flask, client: FlaskClient, with_three: str
):
    letter = (io.BytesIO(PDF), "../../letter.pdf")
    assert post(app, client, with_three, "decline", reason="Elections on the same day", letter=letter)[0] == 303

    page = client.get(with_three).text
    assert "Elections on the same day" in page
    again = client.get(f"{with_three}decline")
    assert (again.status_code, again.location) == (302, with_three)  # said already: nothing typed there would be kept
    assert {each for _name, each in states(app)} == {"cancelled"}
    with app.app_context():
        kept = db.session.scalars(select(Upload)).one()
        assert (kept.name, kept.media_type, kept.delegation_id) == ("letter.pdf", "application/pdf", the_delegation().id)
    assert post(app, client, with_three, "reopen")[0] == 303
    assert state(app) == "drafting"


def test_what_cannot_be_taken_of_a_refusal_is_said_and_nothing_ends(app: Flask, client: FlaskClient, with_three: str):
    refused = [
        ("", None, "Write in a few words why nobody comes."),
        ("x" * 2001, None, "too long"),
        ("x", b"MZ\x90", "This is not a PDF, PNG or JPEG file"),
        ("x", b"", "The file is empty"),
    ]

    for reason, letter, said in refused:
        file = {} if letter is None else {"letter": (io.BytesIO(letter), "letter.pdf")}
        status, page = post(app, client, with_three, "decline", reason=reason, **file)
        assert (status, said in page) == (422, True), said
    assert {each for _name, each in states(app)} == {"invited"}


def test_who_registered_alone_is_accepted_or_refused(app: Flask, client: FlaskClient, with_three: str):
    with app.app_context():
        alone = [make_registration(city="ostersund", given_name=name) for name in ("Dag", "Eva")]
        for each in alone:
            each.awaits_focal_point = True
        dag, eva = (each.id for each in alone)
        db.session.commit()
    assert "do they belong to your city?" in client.get(with_three).text

    answers = [post(app, client, with_three, f"people/{dag}/accept")[0], post(app, client, with_three, f"people/{eva}/refuse")[0]]

    assert answers == [303, 303]
    assert dict(states(app)) == {
        "Anna": "invited", "Berit": "invited", "Carl": "invited", "Dag": "submitted", "Eva": "rejected",
    }  # fmt: skip
    assert "do they belong to your city?" not in client.get(with_three).text


def test_the_page_asks_as_many_statements_for_three_people_as_for_one(app: Flask, client: FlaskClient, path: str):
    client.get(path)
    numbers = []
    for names in (["Anna"], ["Berit", "Carl"]):
        with app.app_context():
            for name in names:
                add(app, name)
            with statements() as seen:
                client.get(path)
        numbers.append(len(seen))

    assert numbers[0] == numbers[1] <= 12


def test_a_wrong_link_shows_nothing_of_anybody(client: FlaskClient, with_three: str):
    token = with_three.split("/")[3]
    pages = ("", "people/add", "people/1/edit", "people/1/replace", "paste", "copy", "decline", "people.csv", "people.pdf")

    for wrong in ("a" * 32, token[:-1] + ("a" if token[-1] != "a" else "b"), token[:10]):
        answers = [client.get(f"/my/delegation/{wrong}/{page}") for page in pages]
        assert {answer.status_code for answer in answers} == {404}
        assert not any("stersund" in answer.text or "Testsson" in answer.text for answer in answers)


@pytest.mark.parametrize("end", ["revoked", "replaced"])
def test_a_link_that_has_ended_says_so_and_whom_to_ask_and_nothing_else(
    app: Flask, client: FlaskClient, with_three: str, end: str
):
    with app.app_context():
        delegation, key = the_delegation(), app.config["SECRET_KEY"]
        delegation.congress.contact_email = "office@krakowice.example"
        if end == "revoked":
            delegates.revoke_link(delegation, by="host@krakowice.example", now=NOW)
        else:
            delegates.issue_link(delegation, key=key, by="host@krakowice.example", now=NOW)
        db.session.commit()

    answers = [client.get(f"{with_three}{page}") for page in ("", "paste", "people.csv", "people/1/form/travel", "people/1/edit")]
    assert {answer.status_code for answer in answers} == {410}
    assert all("This link has ended" in each.text and "office@krakowice.example" in each.text for each in answers)
    assert not any(secret in each.text for each in answers for secret in ("stersund", "Testsson", "host@"))
