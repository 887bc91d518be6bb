"""What a PDF says, read by a library that knows nothing of how it was made."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PageObject, PdfReader


def pages(body: bytes) -> list[str]:
    """The text of each page, with plain spaces, without hyphens at ends of lines and without the breaks of endless words."""
    return [_plain(page.extract_text()) for page in PdfReader(io.BytesIO(body)).pages]


def text(body: bytes) -> str:
    return " ".join(pages(body))


def number_of_pages(body: bytes) -> int:
    return len(PdfReader(io.BytesIO(body)).pages)


def stays_on_the_page(body: bytes) -> bool:
    """Whether everything that is written begins inside the edges of its page."""
    return all(_is_inside(page) for page in PdfReader(io.BytesIO(body)).pages)


def _is_inside(page: PageObject) -> bool:
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    pieces = _pieces(page)
    return bool(pieces) and all(0 < x < width and 0 < y < height for _said, x, y in pieces)


def _plain(said: str) -> str:
    said = said.replace("\u200b", "").replace("\u00a0", " ").replace("\u00ad", "")
    return re.sub(r"\s+", " ", said)


def heights(body: bytes, number: int) -> dict[str, float]:
    """How high above the lower edge of the page each piece of text stands, in points."""
    return {said: y for said, _x, y in _pieces(PdfReader(io.BytesIO(body)).pages[number - 1])}


def columns(body: bytes, number: int) -> dict[str, int]:
    """How far from the left edge of the page each piece of text begins, in points."""
    return {said: round(x) for said, x, _y in _pieces(PdfReader(io.BytesIO(body)).pages[number - 1])}


def _pieces(page: PageObject) -> list[tuple[str, float, float]]:
    found: list[tuple[str, float, float]] = []

    def note(said: str, outer: list[float], inner: list[float], *_more: Any) -> None:
        if said.strip():
            x, y = inner[4], inner[5]
            found.append((said.strip(), outer[0] * x + outer[2] * y + outer[4], outer[1] * x + outer[3] * y + outer[5]))

    page.extract_text(visitor_text=note)
    return found
