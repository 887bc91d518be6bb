"""A text in several languages, as a value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping


class Localised(Mapping[str, str]):
    """A text in several languages, ``Localised(en="Music", pl="Muzyka")``. Never changed in place; empty texts are left out."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str | None] | None = None, /, **more: str | None) -> None:
        self._texts = {code: text for code, text in sorted({**(texts or {}), **more}.items()) if text}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __repr__(self) -> str:
        return f"Localised({self._texts!r})"

    def language_of_text(self, language: str) -> str:
        """The language in which ``text`` answers; empty when there is none."""
        return next((code for code in (language, "en", *self._texts) if code in self._texts), "")

    def text(self, language: str) -> str:
        """The text in this language, else in English, else in any; empty when there is none."""
        return self._texts.get(language) or self._texts.get("en") or next(iter(self._texts.values()), "")


def missing(languages: Iterable[str], needed: Collection[str], *others: Collection[str]) -> tuple[str, ...]:
    """The languages in which a text lacks. ``needed`` and ``others`` hold the languages that texts are written in.

    What is needed lacks wherever it is not; the others lack where they are written in some language, but not in this one.
    """
    return tuple(each for each in languages if each not in needed or any(other and each not in other for other in others))
