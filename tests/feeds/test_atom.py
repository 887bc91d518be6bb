"""What the public is told of a release, and the Atom feed that tells it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.feeds import atom
from congress.programme import releases
from congress.programme.releases import Change
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, thoroughly

HEAD = atom.Head(
    key="krakowice2018/changes/en",
    language="en",
    title="#Krakowice2018: changes",
    author="#Krakowice2018",
    url="https://congress.example/krakowice2018/programme/",
    source="https://congress.example/krakowice2018/changes.atom",
    updated=utc(2018, 6, 1, 12),
)
RELEASE = atom.Item(
    uid=str(uuid.UUID(int=3)), url="https://congress.example/changes/3/?lang=en", title="Release 3: 1 moved",
    updated=utc(2018, 6, 1, 12), summary="The big hall", content="<p>x</p>",
)  # fmt: skip
ENTRY = make_entry()
MOVED = make_entry(starts_at=ENTRY.starts_at + timedelta(hours=1), ends_at=None)
SECRET = {"titles": Localised(en="Behind closed doors"), "is_listed": False}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([ENTRY], [MOVED], [Change(("moved",), ENTRY, MOVED)]),
        ([], [ENTRY], [Change(("added",), None, ENTRY)]),
        ([ENTRY], [ENTRY.cancelled()], [Change(("cancelled",), ENTRY, ENTRY.cancelled())]),
        ([ENTRY.cancelled()], [ENTRY], [Change(("restored",), ENTRY.cancelled(), ENTRY)]),
        ([ENTRY], [make_entry(**SECRET)], [Change(("cancelled",), ENTRY, ENTRY.cancelled())]),
        ([ENTRY.cancelled()], [make_entry(**SECRET)], []),
        ([make_entry(**SECRET)], [ENTRY], [Change(("added",), None, ENTRY)]),
        ([make_entry(**SECRET)], [make_entry(**SECRET, places=9)], []),
        ([], [make_entry(**SECRET)], []),
        ([], [ENTRY.cancelled()], []),
        ([ENTRY], [make_entry(join_url="https://rooms.example/secret")], []),
    ],
    ids=["moved", "added", "cancelled", "restored", "hidden", "hidden after it was cancelled", "shown", "changed in secret",
         "added in secret", "cancelled before anybody knew", "another online room"],
)  # fmt: skip
def test_the_public_is_told_what_it_can_see(before, after, told):
    assert atom.public_changes(before, after) == told


@thoroughly
@given(drafts, drafts)
def test_nothing_hidden_is_ever_told(before, after):
    hidden = [entry for entry in (*before, *after) if not entry.is_listed]

    told = [entry for change in atom.public_changes(before, after) for entry in (change.before, change.after)]

    assert [entry for entry in hidden if any(entry is each for each in told)] == []
    assert all(entry.is_listed for entry in told if entry)


@thoroughly
@given(drafts, drafts)
def test_where_all_is_listed_the_public_is_told_every_change(before, after):
    before, after = ([entry for entry in entries if entry.is_listed] for entries in (before, after))

    assert atom.public_changes(before, after) == releases.changes(before, after)


def told(*items: atom.Item) -> list[tuple[str, dict[str, str], str | None]]:
    """Every element of the feed in order: its name without namespace, its attributes, its text."""
    root = ElementTree.fromstring(atom.feed(HEAD, items))  # noqa: S314 (our own bytes)
    assert all(element.tag.startswith(f"{{{atom.NAMESPACE}}}") for element in root.iter())
    return [(element.tag.partition("}")[2], dict(element.attrib), element.text) for element in root.iter()]


def test_the_feed_has_what_rfc_4287_wants_of_feed_and_entry():
    language = {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
    page = {"rel": "alternate", "type": "text/html", "href": HEAD.url}

    assert told(RELEASE) == [
        ("feed", language, None),
        ("id", {}, "urn:uuid:40231b64-2abc-59e1-9b56-02af1713f190"),
        ("title", {}, "#Krakowice2018: changes"),
        ("updated", {}, "2018-06-01T12:00:00Z"),
        ("author", {}, None),
        ("name", {}, "#Krakowice2018"),
        ("link", {"rel": "self", "type": "application/atom+xml", "href": HEAD.source}, None),
        ("link", page, None),
        ("generator", {}, "Congress"),
        ("entry", {}, None),
        ("id", {}, "urn:uuid:00000000-0000-0000-0000-000000000003"),
        ("title", {}, "Release 3: 1 moved"),
        ("updated", {}, "2018-06-01T12:00:00Z"),
        ("published", {}, "2018-06-01T12:00:00Z"),
        ("link", {**page, "href": "https://congress.example/changes/3/?lang=en"}, None),
        ("summary", {}, "The big hall"),
        ("content", {"type": "html"}, "<p>x</p>"),
    ]


def test_a_release_without_a_note_has_no_empty_summary():
    silent = replace(RELEASE, title="x", summary="")

    assert "summary" not in [name for name, _attributes, _text in told(silent)]


@thoroughly
@given(st.text())
def test_any_text_is_read_back_without_what_xml_cannot_hold(text):
    item = replace(RELEASE, title=f"x{text}x")

    title = [said for name, _attributes, said in told(item) if name == "title"][1]

    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert title == "x" + "".join(sign for sign in lines if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff")) + "x"
