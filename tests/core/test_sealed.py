"""Values that are encrypted at rest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from congress.core import sealed
from congress.core.sealed import Sealed, Unreadable

_OLD, _NEW = "an-old-key-0123456789-abcdefghij", "a-new-key-9876543210-abcdefghij"
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def keys():
    before = list(sealed._keys)
    sealed.use_keys([_OLD])
    yield
    sealed._keys[:] = before


def stored(value):
    return Sealed().process_bind_param(value, sa.create_engine("sqlite://").dialect)


def read(text):
    return Sealed().process_result_value(text, sa.create_engine("sqlite://").dialect)


@given(value=_JSON)
def test_every_value_comes_back(value):
    assert read(stored(value)) == value


def test_nothing_of_the_value_stands_in_the_database():
    assert [word for word in ("Mbeki", "ZA0123456") if word in stored({"name": "Mbeki", "number": "ZA0123456"})] == []


def test_the_same_value_is_stored_differently_each_time():
    assert stored("halal") != stored("halal")


def test_a_value_of_the_old_key_is_read_after_a_new_one_came_first():
    before = stored({"diets": ["vegan"]})
    sealed.use_keys([_NEW, _OLD])
    after = stored("new")
    assert read(before) == {"diets": ["vegan"]}
    sealed.use_keys([_NEW])
    assert read(after) == "new"


def test_without_its_key_a_value_is_refused_and_never_shown():
    text = stored("secret")
    sealed.use_keys([_NEW])
    with pytest.raises(Unreadable, match="CONGRESS_DATA_KEYS"):
        read(text)


def test_a_value_that_was_tampered_with_is_refused():
    text = stored("secret")
    with pytest.raises(Unreadable):
        read(text[:-6] + ("AAAAA=" if not text.endswith("AAAAA=") else "BBBBB="))


def test_nothing_stays_nothing():
    assert (stored(None), read(None)) == (None, None)
