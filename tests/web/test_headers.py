"""Headers of safety; hosts, methods and redirects that are not ours."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from config import TestConfig
from congress import create_app, demo
from tests.conftest import csrf_token

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


OF_CALENDARS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def lacking(headers: Headers, *, is_secret: bool) -> dict[str, str | None]:
    """Which headers are not as they must be."""
    if headers.get("Content-Type", "").startswith("text/calendar"):
        return {name: headers.get(name) for name, value in OF_CALENDARS.items() if headers.get(name) != value}
    given = {
        name: headers.get(name) for name in (*ALWAYS, "Referrer-Policy", "Permissions-Policy", "Access-Control-Allow-Origin")
    }
    wanted = ALWAYS | {"Referrer-Policy": "no-referrer" if is_secret else "strict-origin-when-cross-origin"}
    if given["Access-Control-Allow-Origin"]:
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    found = {name: given[name] for name, value in wanted.items() if given[name] != value}
    if "camera=()" not in (given["Permissions-Policy"] or ""):
        found["Permissions-Policy"] = given["Permissions-Policy"]
    return found


def test_what_is_there_is_not_there_or_is_refused_has_the_headers_of_safety(client: FlaskClient):
    """Each of the addresses there are is looked at in test_hostile_addresses."""
    asked = {
        ("GET", "/krakowice2018/"): 200, ("GET", "/nowhere/at/all"): 404, ("GET", "/desk/"): 302, ("POST", "/krakowice2018/newsletter/"): 400,
        ("DELETE", "/krakowice2018/"): 405, ("GET", f"{FEED}?lang=xx"): 400, ("GET", "/my/registration/x/"): 404, ("GET", "/static/css/site.css"): 200,
    }  # fmt: skip
    found = {}
    for method, path in asked:
        with client.open(path, method=method) as answer:
            found[method, path] = answer.status_code
            assert lacking(answer.headers, is_secret=path.startswith(("/my/", "/desk/"))) == {}, path
    assert found == asked


def secure(app: Flask, folder: Path, **changed: object) -> Flask:
    """As ``app``, at https."""
    plain = TestConfig.make(app.config["SQLALCHEMY_DATABASE_URI"], folder)
    return create_app(replace(plain, **{"SITE_URL": "https://congress.example", "INSECURE_COOKIES": False} | changed))


def test_at_https_browsers_are_told_to_come_by_tls_only(app: Flask, client: FlaskClient, tmp_path: Path):
    paths = ("/", "/nowhere", "/krakowice2018/", "/static/css/site.css", "/healthz", FEED)
    for browser, told in (
        (client, None),
        (secure(app, tmp_path).test_client(), "max-age=31536000; includeSubDomains"),
        (secure(app, tmp_path, HSTS_DAYS=0).test_client(), None),
    ):
        assert {path: browser.get(path).headers.get("Strict-Transport-Security") for path in paths} == dict.fromkeys(paths, told)


def test_a_calendar_is_no_page(client: FlaskClient):
    given = client.get(FEED).headers
    assert {name: given.get(name) for name in OF_CALENDARS} == OF_CALENDARS


def test_cookies_over_tls_are_of_this_host_alone_and_closed_to_scripts(app: Flask, tmp_path: Path):
    answer = secure(app, tmp_path).test_client().get("/krakowice2018/newsletter/?lang=pl", base_url="https://congress.example")
    attributes = {}
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, *rest = cookie.split("; ")
        attributes[name.partition("=")[0]] = {each for each in rest if not each.startswith(("Expires", "Max-Age"))}
    safe = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert attributes == {"__Host-session": safe, "__Host-language": safe}


@pytest.mark.parametrize(
    "host", ["evil.example", "congress.example.evil.example", "congress.example@evil.example", "", "a b", "[::1", "x" * 5000]
)
def test_a_host_that_is_not_ours_gets_no_page_no_link_and_no_mail(app: Flask, client: FlaskClient, host: str):
    app.config["TRUSTED_HOSTS"] = ["congress.example"]
    for path in ("/krakowice2018/", FEED, "/my/registration/x/", "/desk/sign-in"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, host[:20] in answer.text if host else False) == (400, False), path


NEXT = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "https:evil.example", "javascript:alert(1)",
    "/%0d%0aLocation:%20https://evil.example", "\r\nLocation: https://evil.example", "///evil.example", "http://localhost@evil.example/", "https://localhost.evil.example/",
    " //evil.example", "\x00//evil.example", "data:text/html,x",
]  # fmt: skip


@pytest.mark.parametrize("target", NEXT)
def test_nobody_is_led_elsewhere_after_signing_in(app: Flask, target: str):
    client = app.test_client()
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(app.config["SECRET_KEY"]), "next": target}
    form["csrf_token"] = csrf_token(client, "/desk/sign-in")
    answer = client.post("/desk/sign-in", query_string={"next": target}, data=form)
    led_to = urljoin(
        "http://localhost/desk/sign-in", answer.headers.get("Location", "").replace("\\", "/")
    )  # as browsers read it
    assert (urlsplit(led_to)[:2], re.search(r"[\x00-\x20]", led_to)) == (("http", "localhost"), None)
    back = app.test_client().get("/desk/", query_string={"next": target}).headers["Location"]
    assert back == "/desk/sign-in?next=/desk/"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "X" * 200])
def test_a_method_that_no_address_knows_is_refused(client: FlaskClient, method: str):
    for path in ("/krakowice2018/", FEED, "/my/registration/x/", "/desk/"):
        answer = client.open(path, method=method)
        assert answer.status_code in {400, 405}, path


def test_the_method_of_a_form_cannot_be_changed_by_a_header(client: FlaskClient):
    answer = client.get("/krakowice2018/newsletter/", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200
