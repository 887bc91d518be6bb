"""How a congress stands outside its own pages: in messages and networks, and on a device."""

from __future__ import annotations

import html
import io
import re
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from congress.core.db import db
from congress.core.localised import Localised
from tests.factories import the_congress

ROOT = "/krakowice2018"


def said(page: str) -> dict[str, str]:
    """What a page tells those who make previews."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def picture(client: FlaskClient, address: str) -> Image.Image:
    answer = client.get(urlsplit(address).path)
    assert (answer.status_code, answer.mimetype, len(answer.data) < 300_000) == (200, "image/png", True)
    return Image.open(io.BytesIO(answer.data))


def test_a_page_tells_how_it_stands_beside_a_link(client: FlaskClient):
    page = client.get(f"{ROOT}/programme/P022?lang=pl&day=2018-06-12").text
    told = said(page)

    assert {name: told[name] for name in ("og:url", "og:image", "og:locale", "og:image:alt", "twitter:card")} == {
        "og:url": f"http://localhost{ROOT}/programme/P022",  # without what its reader has chosen
        "og:image": f"http://localhost{ROOT}/preview/pl.png",
        "og:locale": "pl_PL",
        "og:image:alt": "XII Kongres Sieci Miast Kreatywnych UNESCO, 12–15 czerwca 2018\xa0r., Kraków · Katowice",
        "twitter:card": "summary_large_image",
    }
    assert told["og:title"] == html.unescape(re.findall(r"<title>(.*?)</title>", page)[0])
    assert picture(client, told["og:image"]).size == (1200, 630)


@pytest.mark.parametrize("path", ["/", "/networks/uccn/", "/cities/krakow/"])
def test_pages_of_no_congress_have_no_picture(client: FlaskClient, path: str):
    told = said(client.get(path).text)

    assert (told["og:url"], "og:image" in told) == (f"http://localhost{path}", False)


def test_a_page_that_is_not_there_tells_nothing(client: FlaskClient):
    assert said(client.get(f"{ROOT}/nothing").text) == {}


def test_the_picture_is_of_the_congress_as_it_is_now_and_kept_until_it_changes(app: Flask, client: FlaskClient):
    first = client.get(f"{ROOT}/preview/en.png")
    again = client.get(f"{ROOT}/preview/en.png", headers={"If-None-Match": first.headers["ETag"]})
    with app.app_context():
        the_congress().long_names = Localised(
            en="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3 + "<b>#image</b>"
        )
        db.session.commit()
    changed = client.get(f"{ROOT}/preview/en.png", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, changed.status_code, client.get(f"{ROOT}/preview/xx.png").status_code) == (304, 200, 404)
    assert Image.open(io.BytesIO(changed.data)).size == (1200, 630)


def test_a_device_learns_name_scope_and_signs(client: FlaskClient):
    page = client.get(f"{ROOT}/?lang=pl").text
    (address,) = re.findall(r'<link rel="manifest" href="([^"]*)">', page)
    answer = client.get(html.unescape(address))
    found = answer.json
    assert found is not None
    sizes = {}
    for each in found.pop("icons"):
        with closing(client.get(each["src"])) as icon:
            drawn = Image.open(io.BytesIO(icon.data)).size if each["type"] == "image/png" else "any"
            sizes[each["sizes"]] = (icon.status_code, icon.mimetype == each["type"], drawn)

    assert answer.content_type.startswith("application/manifest+json")
    assert sizes == {"any": (200, True, "any"), "192x192": (200, True, (192, 192)), "512x512": (200, True, (512, 512))}
    assert (found["lang"], found["short_name"], found["scope"], found["start_url"]) == (
        "pl", "#Krakowice2018", f"{ROOT}/", f"{ROOT}/programme/",
    )  # fmt: skip


def test_programs_that_read_no_page_find_the_sign_where_they_look(client: FlaskClient):
    with closing(client.get("/favicon.ico")) as answer:
        found = Image.open(io.BytesIO(answer.data)).info["sizes"]

    assert (answer.status_code, sorted(found)) == (
        200,
        [(16, 16), (32, 32), (48, 48)],
    )
