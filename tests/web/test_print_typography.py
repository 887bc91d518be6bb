"""Quotes, dashes and spaces as a printer sets them."""

from __future__ import annotations

import pytest

from congress.web.print.typography import line, paragraphs

NBSP, ZWSP = "\u00a0", "\u200b"


@pytest.mark.parametrize(
    ("typed", "set_in_polish"),
    [
        ("Kultura i miasto w Agendzie", f"Kultura i{NBSP}miasto w{NBSP}Agendzie"),
        ("A w Krakowie, i o nim", f"A{NBSP}w{NBSP}Krakowie, i{NBSP}o{NBSP}nim"),
        ("Grupa ds. klimatu u nas", f"Grupa ds. klimatu u{NBSP}nas"),
        ('Koncert "Miuosh kontra Miłosz"', "Koncert „Miuosh kontra Miłosz”"),
        ('("Rok myśliwego")', "(„Rok myśliwego”)"),
        ('Ekran 75"', 'Ekran 75"'),
        ("Kraków - Katowice", "Kraków – Katowice"),
        ("Bielsko-Biała", "Bielsko-Biała"),
        ("ul. Marii Konopnickiej 17", f"ul.{NBSP}Marii Konopnickiej 17"),
        ("prof. Anna Nowak, dr hab.", f"prof.{NBSP}Anna Nowak, dr{NBSP}hab."),
        ("12 czerwca 2018 r.", f"12 czerwca 2018{NBSP}r."),
        ("90 minut", "90 minut"),
        ("90 min, 5 km", f"90{NBSP}min, 5{NBSP}km"),
        ("D'Artagnan", "D’Artagnan"),
        ("", ""),
    ],
)
def test_a_polish_line(typed: str, set_in_polish: str):
    assert line(typed, "pl") == set_in_polish


@pytest.mark.parametrize(
    ("typed", "set_in_english"),
    [
        ("A walk in a city", "A walk in a city"),
        ('The "Year of the Hunter"', "The “Year of the Hunter”"),
        ("the mayors' session, the city's", "the mayors’ session, the city’s"),
        ("a 'smart' city", "a ‘smart’ city"),
        ("Kraków - Katowice", "Kraków – Katowice"),
    ],
)
def test_an_english_line(typed: str, set_in_english: str):
    assert line(typed, "en") == set_in_english


def test_a_word_without_an_end_may_break_and_loses_nothing():
    endless = "https://city.example/" + "x" * 200

    broken = line(endless, "en")

    assert broken.replace(ZWSP, "") == endless
    assert max(map(len, broken.split(ZWSP))) <= 12


def test_words_that_are_held_together_are_not_taken_for_one_without_an_end():
    assert ZWSP not in line("w o i a u z w o i a u z w o i a u z w o i a u z dom", "pl")


def test_paragraphs_keep_their_lines():
    assert paragraphs(" One\ntwo \n\n \nthree\n", "en") == [["One", "two"], ["three"]]


def test_no_text_has_no_paragraphs():
    assert paragraphs(" \n\n", "pl") == []
