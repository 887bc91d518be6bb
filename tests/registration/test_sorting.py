"""Names are sorted alike by both databases and by Python, as a Polish dictionary does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.core.text import sort_key
from congress.delegates.models import Delegate, Person
from congress.registration.models import Registration
from tests.factories import make_registration

ORDERED = [
    "Cieśla", "Czyż", "Ćwik", "Ćwikła", "Lutz", "Lwowski", "Łabędź", "łoś", "Müller", "Muñoz", "Münz", "Ocampo", "Öztürk", "Ożóg", "Ósmy",
    "Saénz", "Strauß", "Szulc", "Śliwa", "Zöller", "Zürn", "Źródło", "Żak",
]  # fmt: skip


def test_both_databases_sort_as_python_does(undone):
    for name in reversed(ORDERED):
        make_registration(family_name=name, given_name="Ada")
    chosen = select(Person.family_name).join(Delegate, Delegate.person_id == Person.id)
    chosen = chosen.join(Registration, Registration.delegate_id == Delegate.id).where(Person.family_name.in_(ORDERED))
    assert list(db.session.scalars(chosen.order_by(Registration.sorted_as, Registration.id))) == ORDERED
    assert sorted(set(ORDERED), key=lambda name: sort_key(name, "pl")) == ORDERED


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("de", ["Müller", "Muñoz", "Munz", "Strauss", "Strauß", "Zöller", "Zoo"]),
        ("fr", ["Enghien", "Évian", "Lille", "Łódź", "Ñuble"]),
        ("es", ["Nantes", "Nuuk", "Ñuble", "Oaxaca", "Óbidos"]),
        ("sv", ["Zagreb", "Ålborg", "Ängelholm", "Östersund"]),
        ("cs", ["Cvikov", "Hradec", "Cheb", "Rab", "Řím", "Šumperk"]),
    ],
)
def test_letters_with_a_place_of_their_own_come_after_their_plain_ones(language, ordered):
    assert sorted(set(ordered), key=lambda name: sort_key(name, language)) == ordered
