"""Signing in by Chromium: by keyboard only with a code of an app and one on paper; with passkeys of a virtual authenticator."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page

from congress.accounts.signing import totp
from tests.browser.conftest import ON_SQLITE, Open, Site

pytestmark = ON_SQLITE


def type_into(page: Page, name: str, text: str) -> None:
    """Tab until the field has the focus, then type, as somebody without a mouse does."""
    for _step in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            break
    else:
        pytest.fail(f"{name} cannot be reached with the Tab key")
    page.keyboard.type(text)


def sign_in_by_keyboard(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/desk/sign-in")
    type_into(page, "email", "organiser@krakowice.example")
    type_into(page, "password", site.password)
    page.keyboard.press("Enter")


def test_by_keyboard_alone_an_app_is_set_up_and_signs_in_and_so_does_a_code_on_paper(site: Site, open_browser: Open):
    page = open_browser()
    sign_in_by_keyboard(page, site)
    page.wait_for_url("**/desk/")
    page.goto(f"{site.url}/desk/account/app")
    secret = page.locator(".key").inner_text().replace(" ", "")
    step = int(time.time()) // totp.STEP  # the clock of the test is that of the site
    type_into(page, "code", totp.code(secret, step))
    page.keyboard.press("Enter")
    page.locator(".recovery-codes").wait_for()
    codes = page.locator(".recovery-codes code").all_inner_texts()

    for code in (totp.code(secret, step + 1), codes[0]):
        other = open_browser()
        sign_in_by_keyboard(other, site)
        other.wait_for_url("**/second-factor**")
        type_into(other, "code", code)
        other.keyboard.press("Enter")
        other.wait_for_url(re.compile("/desk/$"))
    assert len(codes) == 10


def with_authenticator(page: Page) -> None:
    """A device of its own that knows its owner's finger."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_as_the_only_and_as_the_second_factor(site: Site, open_browser: Open):
    site = Site(site.app, site.url.replace("127.0.0.1", "localhost"))  # an address of numbers has no passkeys
    site.app.config["SITE_URL"] = site.url
    page = open_browser()
    page.watch.url = site.url  # type: ignore[attr-defined]
    with_authenticator(page)
    sign_in_by_keyboard(page, site)
    page.wait_for_url("**/desk/")
    page.goto(f"{site.url}/desk/account/passkeys/new")
    page.locator("input[name=name]").fill("Laptop")
    page.locator("main form[data-passkey] button[type=submit]").click()
    page.locator(".recovery-codes").wait_for()

    def sign_out() -> None:
        page.goto(f"{site.url}/desk/account/")
        page.locator("form[action$='sign-out'] button").click()
        page.goto(f"{site.url}/desk/sign-in")

    sign_out()
    page.locator("form.passkey button").click()
    page.wait_for_url(re.compile("/desk/$"))
    sign_out()
    sign_in_by_keyboard(page, site)
    page.wait_for_url("**/second-factor**")
    page.locator("form.passkey button").click()
    page.wait_for_url(re.compile("/desk/$"))
    page.goto(f"{site.url}/desk/account/")
    assert page.get_by_text("Laptop, last used on").count() == 1
