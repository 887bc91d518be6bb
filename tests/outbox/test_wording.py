"""Placeholders: filled once, as plain names, and what is wrong with a text."""

from __future__ import annotations

import pytest

from congress.outbox import wording

VALUES = {"person": "Zoë <b> & {city} https://evil.example", "personal_link": "https://c.example/my/…/?a=1&b=2"}
KNOWN = ("person", "personal_link", "city")


def test_values_are_put_in_once_and_never_read_for_placeholders():
    text = "Dear {person}, {city}{personal_link}"
    assert wording.fill(text, VALUES) == "Dear Zoë <b> & {city} https://evil.example, https://c.example/my/…/?a=1&b=2"


def test_html_is_escaped_and_only_our_links_and_those_of_the_organisers_are_links():
    text = "Dear {person},\nsee (https://city.example/x?a=1&b=2).\n\n \n<script>{personal_link}"
    assert wording.to_html(text, VALUES) == (
        "<p>Dear Zoë &lt;b&gt; &amp; {city} https://evil.example,<br>\n"
        'see (<a href="https://city.example/x?a=1&amp;b=2">https://city.example/x?a=1&amp;b=2</a>).</p>\n'
        '<p>&lt;script&gt;<a href="https://c.example/my/…/?a=1&amp;b=2">https://c.example/my/…/?a=1&amp;b=2</a></p>'
    )


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ('https://x.example/" onclick="y', "<p>https://x.example/&quot; onclick=&quot;y</p>"),
        ("", "<p></p>"),
    ],
)
def test_a_link_that_is_no_address_is_text(address, shown):
    assert wording.to_html("{personal_link}", {"personal_link": address}) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Dear {person}, {personal_link}", None),
        ("no braces", None),
        ("{person.name} {persona}", ("unknown", "{persona}")),
        ("{person.name}", ("brace", "{person.name}")),
        ("{person!r} {0}", ("brace", "{person!r} {0}")),
        ("Dear {person, how are you", ("brace", "Dear {person, how ar")),
        ("Dear person}", ("brace", "ear person}")),
        ("{{person}}", ("brace", "{{person}}")),
        ("{__class__}", ("unknown", "{__class__}")),
        ("{a} {b} {a}", ("unknown", "{a}, {b}")),
        ("{person:>1000000000}", ("brace", "{person:>100000")),
    ],
)
def test_what_is_wrong_with_a_text(text, problem):
    assert wording.problem(text, KNOWN) == problem


def test_a_subject_is_one_line_whatever_is_put_in():
    values = {"person": "Eve\r\nBcc: all@cities.example\x00\u2028x"}
    assert wording.fill_line(" Dear\n{person} ", values) == "Dear Eve Bcc: all@cities.example x"
