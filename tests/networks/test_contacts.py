"""Standing contacts: changed one by one, and brought in as a file, whole or not at all."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.core.sheets import BadSheet
from congress.core.tables import Imported
from congress.networks.contacts import BadContacts, Details, fingerprint, import_contacts, save_contact
from congress.networks.models import Contact
from congress.networks.vocabulary import ContactKind
from tests.factories import everything, make_contact, the_city, the_network

GOOD = """city;kind;title;given_name;family_name;email;language;may_be_shown
Łódź;main;Ms;Zofia;Żurek;zofia.zurek@lodz.example;pl;tak
lodz;mayor;;;;mayor@lodz.example;en;
Kanazawa;alternate;;Haruki;Sato;;en;no
"""


def load(text: str, encoding: str = "utf-8") -> Imported:
    return import_contacts(io.BytesIO(text.encode(encoding)), the_network())


def stored() -> list[tuple[str, str, str, str, str, bool]]:
    return [
        (each.city.slug, each.kind.value, each.name, each.email, each.language, each.may_be_shown)
        for each in db.session.scalars(select(Contact).order_by(Contact.id))
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_brings_contacts_by_name_or_slug_of_the_city(undone, encoding):
    assert load(GOOD, encoding) == Imported(added=3)
    assert stored() == [
        ("lodz", "main", "Zofia Żurek", "zofia.zurek@lodz.example", "pl", True),
        ("lodz", "mayor", "", "mayor@lodz.example", "en", False),
        ("kanazawa", "alternate", "Haruki Sato", "", "en", False),
    ]


def test_the_same_file_again_changes_nothing(undone):
    load(GOOD)
    before = everything()
    assert load(GOOD) == Imported(unchanged=3)
    assert everything() == before


def test_what_a_file_has_no_column_for_stays(undone):
    make_contact("kanazawa", phone="+81 76")
    assert load("city,kind,email\nKanazawa,main,new@kanazawa.example\n") == Imported(changed=1)
    (contact,) = db.session.scalars(select(Contact))
    assert (contact.email, contact.name, contact.phone) == ("new@kanazawa.example", "Kenji Contact", "+81 76")


BAD = [
    ("Atlantis,main,,,", "Line 2, column city: “Atlantis” is not a city of the network."),
    (",main,,,", "Line 2, column city: is empty."),
    ("Kanazawa,boss,,,", "Line 2, column kind: “boss” is not one of: mayor, representative, main, alternate."),
    ("Kanazawa,main,nobody,,", "Line 2, column email: “nobody” is no e-mail address."),
    ("Kanazawa,main,,klingon,", "Line 2, column language: “klingon” is not one of: en, pl."),
    (f"Kanazawa,main,,,{'9' * 61}", "Line 2, column phone: is longer than 60 signs."),
    ("Kanazawa,main,,,1\x072", "Line 2, column phone: there are invisible control characters."),
    ("Kanazawa,main,,,\nkanazawa,main,,,", "Line 3, column kind: this contact of the city is already in line 2."),
]


@pytest.mark.parametrize(("row", "problem"), BAD)
def test_a_bad_row_is_told_and_nothing_is_written(undone, row, problem):
    with pytest.raises(BadContacts) as refused:
        load(f"city,kind,email,language,phone\n{row}\nDakar,main,main@dakar.example,en,\n")
    assert (refused.value.problems, stored()) == ([problem], [])


def test_of_many_problems_the_first_twenty_are_told(undone):
    rows = "".join(f"Atlantis {number},main,\n" for number in range(30))
    with pytest.raises(BadContacts) as refused:
        load(f"city,kind,email\n{rows}")
    assert (len(refused.value.problems), refused.value.problems[-1]) == (21, "… and 10 more")


def test_a_file_without_the_columns_that_count_is_refused(undone):
    with pytest.raises(BadContacts, match="The heading lacks: kind, email"):
        load("city,name\nKanazawa,Haruki\n")
    with pytest.raises(BadSheet):
        import_contacts(io.BytesIO(b""), the_network())


def test_a_contact_of_whom_nothing_is_left_is_removed(undone):
    was = fingerprint(make_contact("kanazawa"))
    assert (
        save_contact(the_network(), the_city("kanazawa"), ContactKind.MAIN, Details(language="pl", title="Ms"), was=was) is None
    )
    assert stored() == []
