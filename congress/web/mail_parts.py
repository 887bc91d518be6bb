"""What a mail is made of: the values of its template, the calendars it carries, and what organisers may change of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from congress.feeds.itip import Method
from congress.outbox.models import Message

ALWAYS = ("congress", "congress_long", "days", "contact")  # placeholders of every mail


@dataclass(frozen=True)
class CalendarFile:
    """A calendar that travels with a mail."""

    method: Method
    name: str
    body: bytes


@dataclass(frozen=True)
class Words:
    """A subject and a body with placeholders, as organisers wrote them."""

    subject: str
    body: str


@dataclass(frozen=True)
class Content:
    """The values of a mail's template, and its calendars. ``words`` are used instead of any template."""

    values: dict[str, Any]
    files: list[CalendarFile] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)  # further lines of its head, such as List-Unsubscribe
    words: Words | None = None


@dataclass(frozen=True)
class Mail:
    """A kind of mail: what makes its content, what organisers call it, and how far they may word it themselves.

    ``names`` are the placeholders that stand for its values; ``parts`` those for which a part of our own mail stands, by its
    template, because its sentences differ from reader to reader. Without those that are ``needed``, such as its link, it would be
    of no use. ``fixed`` says why it keeps our words.
    """

    content: Callable[[Message], Content]
    label: Any
    names: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    fixed: Any = ""

    @property
    def known(self) -> tuple[str, ...]:
        """All placeholders that may stand in its words."""
        return (*self.names, *self.parts, *ALWAYS)
