"""Text as people write it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.text import UnprintableText, clean_line, clean_text, fold, in_quotes, slugify, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("Straße", "strasse"),
        ("Ærøskøbing", "aeroskobing"),
        ("Đà Nẵng", "da nang"),
        ("Þingvellir", "thingvellir"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("  Bielsko \u00a0 Biała\n", "bielsko biala"),
        ("№ 5 ﬁlm ™", "no 5 film tm"),
        ("金沢", "金沢"),
        ("", ""),
    ],
)
def test_fold_takes_case_and_marks_away(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_of_folded_text_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_text_and_its_decomposed_form_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("João Pessoa", "joao-pessoa"),
        ("Łódź", "lodz"),
        ("Kraków / Katowice", "krakow-katowice"),
        ("  (MCK) Katowice! ", "mck-katowice"),
        ("№ 5", "no-5"),
        ("金沢", ""),
    ],
)
def test_slugify_leaves_ascii_words_with_hyphens(text, slug):
    assert slugify(text) == slug


@given(st.text())
def test_slug_of_a_slug_is_itself(text):
    assert slugify(slugify(text)) == slugify(text)


def test_polish_letters_come_after_their_plain_ones_in_polish():
    names = ["Łódź", "Lublin", "Mak", "Ludwik", "łąka", "Ćma", "Cyrk", "Dom", "Żar", "Źrebak", "Zuch"]
    ordered = ["Cyrk", "Ćma", "Dom", "Lublin", "Ludwik", "łąka", "Łódź", "Mak", "Zuch", "Źrebak", "Żar"]
    assert sorted(names, key=lambda name: sort_key(name, "pl")) == ordered


def test_marks_are_ignored_in_english():
    names = ["Łódź", "Lublin", "Lyon", "Évora", "Essen"]
    assert sorted(names, key=lambda name: sort_key(name, "en")) == ["Essen", "Évora", "Łódź", "Lublin", "Lyon"]


def test_foreign_letters_stand_at_their_plain_ones_in_polish():
    names = ["Zürich", "Zurawia", "Zvolen", "Östersund", "Opole", "Oviedo"]
    ordered = ["Opole", "Östersund", "Oviedo", "Zurawia", "Zürich", "Zvolen"]
    assert sorted(names, key=lambda name: sort_key(name, "pl")) == ordered


def test_decomposed_polish_letters_sort_like_composed_ones():
    assert sort_key(unicodedata.normalize("NFD", "Óbidos"), "pl")[0] == sort_key("Óbidos", "pl")[0]


@given(st.lists(st.text()), st.sampled_from(["pl", "en"]))
def test_any_names_can_be_sorted(names, language):
    assert sorted(sorted(names, key=lambda name: sort_key(name, language))) == sorted(names)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Anna \t Maria\r\nNowak\u00a0 ", "Anna Maria Nowak"),
        ("Zoe\u0308", "Zoë"),
        ("\u202eAnna\u202c \u2066Nowak\u2069\ufeff", "Anna Nowak"),
        ("a\u200e\u0301", "á"),
        ("one\u2028two\u2029three", "one two three"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # the zero-width non-joiner belongs to Persian spelling
        ("👩‍🎨", "👩‍🎨"),
        ("", ""),
    ],
)
def test_clean_line_gives_one_line_in_nfc_without_direction_marks(typed, cleaned):
    assert clean_line(typed) == cleaned


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "\x7f", "a\x85b", "\x0b", "\ud800"])
@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_control_characters_are_refused(clean, typed):
    with pytest.raises(UnprintableText):
        clean(typed)


def test_clean_text_keeps_lines_and_tabs():
    assert clean_text(" one\r\ntwo\rthree\u2028four\n\n\tfive  six \n") == "one\ntwo\nthree\nfour\n\n\tfive  six"


printable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from("\t\n\r\u200e\u202e\u0301"))


@given(printable)
def test_clean_line_of_a_clean_line_changes_nothing(typed):
    assert clean_line(clean_line(typed)) == clean_line(typed)


@given(printable)
def test_clean_text_of_a_clean_text_changes_nothing(typed):
    assert clean_text(clean_text(typed)) == clean_text(typed)


@given(printable)
def test_cleaned_text_is_in_nfc(typed):
    assert unicodedata.is_normalized("NFC", clean_line(typed))


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("Debata reporterów „Gazety Wyborczej”", "Debata reporterów «Gazety Wyborczej»"),
        ("Bands of “Dzielnica” and “Zoska”", "Bands of ‘Dzielnica’ and ‘Zoska’"),
        ("wykład „Post-Cr…", "wykład «Post-Cr…»"),
        ("Secretariat’s report", "Secretariat’s report"),
    ],
)
def test_quotation_marks_within_others_are_of_the_second_rank(title, within):
    assert in_quotes(title) == within
