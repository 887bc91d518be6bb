"""What a page showed: its form carries a mark of each value, so that nothing is written over what others have changed since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, FileField, HiddenField

from congress.core.forms import BaseForm
from congress.web import filters

_MARK = re.compile(r"(\S{1,80}):([0-9a-f]{12})")
_MOST = 20_000  # signs that are read of what a form carries


@dataclass(frozen=True)
class Difference:
    """A value that has changed since the page was loaded: what the field is called, what is saved now, and what was typed."""

    name: str
    there: str
    yours: str


def marks(*forms: BaseForm) -> str:
    """What is stored now in these fields, for a hidden field of their page; the values cannot be read from it."""
    return _written({field.short_name: _mark(field.object_data) for field in _fields(forms)})


def kept(sent: str, *forms: BaseForm) -> str:
    """The marks that the form carried, to be shown again with what was typed."""
    carried = _read(sent)
    return _written({field.short_name: carried[field.short_name] for field in _fields(forms) if field.short_name in carried})


def differences(sent: str, *forms: BaseForm) -> list[Difference]:
    """Where somebody else has changed since what these forms, made of what is stored now and of what was typed, would write over.

    Whoever carries no marks is not asked: a program, or a page from before there were any.
    """
    carried = _read(sent)
    return [
        Difference(str(field.label.text), _in_words(field, field.object_data), _in_words(field, field.data))
        for field in _fields(forms)
        if carried.get(field.short_name, _mark(field.object_data)) != _mark(field.object_data)
        and _plain(field.data) != _plain(field.object_data)
    ]


def _fields(forms: Iterable[BaseForm]) -> Iterator[Field]:
    """Those that hold a value; a file is chosen anew each time."""
    return (field for form in forms for field in form if not isinstance(field, FileField | HiddenField))


def _written(found: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{mark}" for name, mark in found.items())


def _read(sent: str) -> dict[str, str]:
    return dict(_MARK.findall(sent[:_MOST]))


def _mark(value: Any) -> str:
    return hashlib.sha256(repr(_plain(value)).encode()).hexdigest()[:12]


def _plain(value: Any) -> list[str]:
    """The same for the same answer, however a field or a row holds it; nothing for none."""
    values = value if isinstance(value, list | tuple | set) else [value]
    return sorted(f"{each:%H:%M}" if isinstance(each, time) else str(each) for each in values if each)


def _in_words(field: Field, value: Any) -> str:
    if isinstance(field, BooleanField):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, date):
        return filters.days((value, value))
    choices = {str(each[0]): str(each[1]) for each in getattr(field, "choices", None) or ()}
    return ", ".join(choices.get(each, each) for each in _plain(value)) or "–"
