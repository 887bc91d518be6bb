"""Questions that are asked only after a certain answer, with a script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from congress.core.db import db
from congress.registration import services
from congress.registration.vocabulary import QuestionKind
from tests.browser.conftest import ON_SQLITE, Open, Site
from tests.factories import make_registration
from tests.registration.asking import make_question, offered

pytestmark = [ON_SQLITE]


@pytest.fixture
def form(site: Site) -> str:
    """The address of a page with three questions, of which each shows the next."""
    with site.app.app_context():
        bus = make_question(code="bus", kind=QuestionKind.YES_NO)
        stop = make_question(
            code="stop", kind=QuestionKind.CHOICES, choices=offered("hotel", "other"), shown_if=bus, shown_if_value="yes"
        )
        make_question(code="address", shown_if=stop, shown_if_value="other", is_required=True)
        person = make_registration()
        db.session.commit()
        return f"/my/registration/{services.link_token(person, site.app.config['SECRET_KEY'])}/form/needs"


def visible(page: Page) -> list[str]:
    """Which of the questions can be seen; their notes when they are asked, too."""
    names = ("bus", "stop", "address")
    seen = [name for name in names if page.locator(f"[name=q_{name}]").first.is_visible()]
    return [*seen, *(["notes"] if page.locator("[data-condition]").first.is_visible() else [])]


def test_with_a_script_answers_show_and_hide_questions(form: str, open_browser: Open):
    page = open_browser()
    page.goto(form)
    expect(page.locator("[name=q_stop]").first).to_be_hidden()
    steps = [visible(page)]
    for name, value in (("bus", "yes"), ("stop", "other"), ("bus", "no"), ("bus", "yes")):
        page.locator(f"[name=q_{name}][value={value}]").check()
        steps.append(visible(page))

    assert steps == [["bus"], ["bus", "stop"], ["bus", "stop", "address"], ["bus"], ["bus", "stop", "address"]]


def test_without_scripts_all_stand_there_with_notes_and_only_those_asked_are_needed(form: str, open_browser: Open):
    page = open_browser(java_script_enabled=False)
    page.goto(form)
    assert visible(page) == ["bus", "stop", "address", "notes"]

    page.locator("[name=q_bus][value=yes]").check()
    page.locator("[name=q_stop][value=other]").check()
    page.locator("main form.measure button[type=submit]").first.click()
    expect(page.locator(".error-summary li")).to_have_text([re.compile(r"^Question \d+: Fill in this field\.$")])

    page.locator("[name=q_bus][value=no]").check()
    page.locator("main form.measure button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/sessions"))
