"""What releases changed, as an Atom feed (RFC 4287), and what of it the public may know. Pure."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from congress.programme import releases
from congress.programme.entries import Entry
from congress.programme.releases import Change

NAMESPACE = "http://www.w3.org/2005/Atom"
_FEEDS = uuid.UUID("0b7e0f0e-52a8-4f44-9a8b-2b8a4a5c6f1d")
_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the feed says of itself; ``key`` names it for life, ``source`` is its own address, ``url`` the page it is about."""

    key: str
    language: str
    title: str
    author: str
    url: str
    source: str
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class Item:
    """One release. ``content`` is HTML, ``url`` its page in the log of changes."""

    uid: str
    url: str
    title: str
    updated: datetime
    summary: str
    content: str


def public_changes(before: Iterable[Entry], after: Iterable[Entry]) -> list[Change]:
    """What a visitor sees change from some entries to the same ones in the next release.

    Only what is publicly listed counts: an entry that is hidden from now on is withdrawn, one that is shown from now on is new,
    and where the delegates' online room has changed nothing has.
    """
    return releases.changes(_seen(before), _seen(after))


def _seen(entries: Iterable[Entry]) -> list[Entry]:
    return [dataclasses.replace(entry, join_url="") for entry in entries if entry.is_listed]


def feed(head: Head, items: Sequence[Item]) -> bytes:
    """The feed with its items in the order given."""
    root = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": head.language})
    _add(root, "id", uuid.uuid5(_FEEDS, head.key).urn)
    _add(root, "title", head.title)
    _add(root, "updated", _instant(head.updated))
    _add(ElementTree.SubElement(root, "author"), "name", head.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=head.source)
    _add(root, "link", rel="alternate", type="text/html", href=head.url)
    _add(root, "generator", "Congress")
    for item in items:
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", uuid.UUID(item.uid).urn)
        _add(entry, "title", item.title)
        _add(entry, "updated", _instant(item.updated))
        _add(entry, "published", _instant(item.updated))
        _add(entry, "link", rel="alternate", type="text/html", href=item.url)
        if item.summary:
            _add(entry, "summary", item.summary)
        _add(entry, "content", item.content, type="html")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = _NOT_IN_XML.sub("", re.sub(r"\r\n?", "\n", text)) or None


def _instant(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
