"""Sentences that the program itself writes into a history: kept as a code with its values, made in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

_MARK = "\x1f"  # a control character: nobody can type it into a form


def said(code: str, *values: object) -> str:
    """What is kept of a sentence. Values stand as they are, so that names in them are found and erased; a long one may be last."""
    return _MARK + _MARK.join([code, *map(str, values)])


class Sentence(TypeDecorator[str]):
    """A text as people wrote it, or what ``said`` gave, which is read as its sentence. Subclasses know the sentences by code."""

    impl = String
    cache_ok = True
    sentences: ClassVar[Mapping[str, Callable[..., str]]] = {}

    def process_result_value(self, value: Any, dialect: Dialect) -> str:
        if not value or value[0] != _MARK:
            return value or ""
        code, *values = value[1:].split(_MARK)
        try:
            return str(self.sentences[code](*values))
        except (KeyError, TypeError, ValueError):  # of an earlier or later release of this program
            return " ".join([code, *values])
