"""A text in several languages, as a value."""

from __future__ import annotations

import pytest

from congress.core.localised import Localised


def test_empty_texts_are_left_out():
    assert dict(Localised(en="Music", pl="", fr=None)) == {"en": "Music"}


def test_order_of_languages_does_not_matter():
    one, other = Localised(en="Music", pl="Muzyka"), Localised({"pl": "Muzyka"}, en="Music")
    assert (one, hash(one), repr(one)) == (other, hash(other), "Localised({'en': 'Music', 'pl': 'Muzyka'})")


def test_equal_to_the_same_texts_in_a_dict():
    assert Localised(en="Music") == {"en": "Music"}


@pytest.mark.parametrize(
    ("texts", "language", "shown"),
    [
        ({"en": "Music", "pl": "Muzyka"}, "pl", "Muzyka"),
        ({"en": "Music", "pl": "Muzyka"}, "fr", "Music"),
        ({"pl": "Muzyka"}, "en", "Muzyka"),
        ({}, "en", ""),
    ],
)
def test_text_is_in_the_language_else_in_english_else_in_any(texts, language, shown):
    assert Localised(texts).text(language) == shown


def test_it_cannot_be_changed_in_place():
    with pytest.raises(TypeError):
        Localised(en="Music")["pl"] = "Muzyka"  # type: ignore[index]


@pytest.mark.parametrize(
    ("texts", "wanted", "answered"),
    [({"en": "Music", "pl": "Muzyka"}, "pl", "pl"), ({"en": "Music", "fr": "Musique"}, "pl", "en"), ({"fr": "Musique"}, "pl", "fr"), ({}, "pl", "")],
)  # fmt: skip
def test_the_language_of_a_text_is_the_one_it_is_answered_in(texts, wanted, answered):
    assert Localised(texts).language_of_text(wanted) == answered
    assert Localised(texts).text(wanted) == texts.get(answered, "")
