"""What a mail is made of: the values of its template, and the calendars it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from congress.feeds.itip import Method


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
