"""Pages of networks and of cities: members by field, presence at congresses, contacts that agreed to be shown."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.networks.models import Contact
from congress.networks.queries import find_city, find_network
from congress.networks.vocabulary import ContactKind
from tests.statements import statements


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def cities(page: str) -> list[str]:
    return [words(each) for each in re.findall(r'<li class="city">\s*<h3 class="city-name">(.*?)</h3>', page, re.DOTALL)]


def test_a_field_of_the_network_leads_to_its_cities(client: FlaskClient):
    everything = client.get("/networks/uccn/?lang=en&on=2018-06-12").text
    (field,) = re.findall(r'href="(/networks/uccn/\?[^"]*field=music[^"]*)"', everything)
    page = client.get(html.unescape(field)).text

    assert (len(cities(everything)), len(cities(page)), everything.count('class="map-dot'), page.count('class="map-dot')) == (
        180, 31, 180, 31,
    )  # fmt: skip
    assert ("Katowice" in cities(page), "Kraków" in cities(page), 'aria-current="true"' in page) == (True, False, True)


def test_a_field_that_nobody_has_leaves_the_network_as_it_is(client: FlaskClient):
    page = client.get("/networks/koalicja-miast/?lang=en&field=<script>")

    assert (page.status_code, len(cities(page.text)), "<script>" in page.text.partition("<main")[2].partition("</main")[0]) == (
        200,
        7,
        False,
    )


def test_only_contacts_that_agreed_stand_on_the_page_of_a_city(app: Flask, client: FlaskClient):
    with app.app_context():
        network, city = find_network("uccn"), find_city("lodz")
        assert network and city
        for kind, name, agreed in ((ContactKind.MAIN, "Ada", True), (ContactKind.MAYOR, "Bea", False)):
            db.session.add(
                Contact(
                    network_id=network.id, city_id=city.id, kind=kind, given_name=name, family_name="<b>Wymyślona</b>",
                    institution="City Hall", phone="+48 42 000", email=f"{name.lower()}@lodz.example", may_be_shown=agreed,
                )
            )  # fmt: skip
        db.session.commit()

    page = client.get("/cities/lodz/?lang=en").text

    aside = words(page.partition("<aside>")[2].partition("</aside>")[0])
    assert "Contacts Main contact (focal point) (UCCN) Ada <b>Wymyślona</b> City Hall ada@lodz.example" in aside
    assert ("Bea" in page, "+48 42" in page) == (False, False)


def test_a_city_names_the_congresses_at_which_it_is_present(app: Flask, client: FlaskClient):
    host, guest = (client.get(f"/cities/{slug}/?lang=en").text for slug in ("krakow", "wroclaw"))

    said = [words(each) for page in (host, guest) for each in re.findall(r'<ul class="presence">(.*?)</ul>', page, re.DOTALL)]
    assert said[0].startswith("XII Annual Meeting of the UNESCO Creative Cities Network 12–15 June 2018 · host city")
    assert len(said) == 1  # Wrocław is no member, and sent nobody


def test_pages_of_cities_ask_as_much_whatever_their_company(app: Flask, client: FlaskClient):
    asked = []
    for slug in ("krakow", "auckland"):
        client.get(f"/cities/{slug}/")
        with app.app_context(), statements() as seen:
            client.get(f"/cities/{slug}/")
        asked.append(len(seen))

    assert (asked[0], asked[0] <= 12) == (asked[1], True)
