"""Signing in by Chromium: by keyboard only with a code of an app and one on paper; with passkeys of a virtual authenticator."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ON_SQLITE, Open, Site
from tests.desk.signing import STEP, code_of

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
    press(page, "Show the picture that the app reads")
    secret = page.locator(".key").inner_text().replace(" ", "")
    now = time.time()  # the clock of the test is that of the site
    type_into(page, "code", code_of(secret, now))
    page.keyboard.press("Enter")
    page.get_by_text("The authenticator app is set up.").wait_for()
    page.get_by_role("link", name="Make new codes").press("Enter")
    press(page, "Make new codes")
    page.locator(".recovery-codes").wait_for()
    codes = page.locator(".recovery-codes code").all_inner_texts()

    for code in (code_of(secret, now + STEP), codes[0]):
        other = open_browser()
        sign_in_by_keyboard(other, site)
        other.wait_for_url("**/second-factor**")
        if code == codes[0]:
            other.get_by_role("link", name="Use one of your recovery codes").press("Enter")
            other.wait_for_url("**/recovery-code**")
        type_into(other, "code", code)
        other.keyboard.press("Enter")
        other.get_by_role("button", name="Sign out").wait_for()
    assert len(codes) == 10


def press(page: Page, name: str) -> None:
    """A button, by the Enter key."""
    page.get_by_role("button", name=name).press("Enter")


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
    page = open_browser()
    page.watch.url = site.url  # type: ignore[attr-defined]
    with_authenticator(page)
    sign_in_by_keyboard(page, site)
    page.wait_for_url("**/desk/")
    page.goto(f"{site.url}/desk/account/passkeys")
    page.locator("input[name=name]").fill("Laptop")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("The passkey is added.").wait_for()

    def sign_out() -> None:
        page.get_by_role("button", name="Sign out").first.click()
        page.wait_for_url(re.compile("/$"))
        page.goto(f"{site.url}/desk/sign-in")

    def is_in() -> None:
        """Waits for the page that is there when all is done; its address alone is there before."""
        page.wait_for_url(re.compile("/desk/$"))
        page.get_by_role("button", name="Sign out").wait_for()

    sign_out()
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in()
    sign_out()
    sign_in_by_keyboard(page, site)
    page.wait_for_url("**/sign-in/passkey**")
    page.get_by_role("button", name="Use your passkey").click()
    is_in()
    page.goto(f"{site.url}/desk/account/")
    assert page.get_by_text("Laptop, last used on").count() == 1
