"""Pictures of our own for print, as SVG: signs of the creative fields, the crossing of the cover, QR codes."""

from __future__ import annotations

import functools
import io
import re
from pathlib import Path

import segno
from flask import current_app, render_template

from congress.networks.vocabulary import Field

COLOURS = {
    Field.LITERATURE: "#1d5fa8", Field.MUSIC: "#7b3fa0", Field.FILM: "#4a5260", Field.MEDIA_ARTS: "#0a716c",
    Field.DESIGN: "#b23a1a", Field.CRAFTS_AND_FOLK_ART: "#7a5a00", Field.GASTRONOMY: "#a3174e",
}  # fmt: skip
_LINES = {"line-1": "#0b57a4", "line-2": "#f0b323", "line-3": "#14213d"}
_INK = "#14213d"
_SVG = 'xmlns="http://www.w3.org/2000/svg"'


def signs() -> dict[str, str]:
    """The sign of each field in its colour, by the field."""
    return dict(_signs(Path(current_app.static_folder or "", "img", "signs.svg")))


@functools.cache
def _signs(sprite: Path) -> tuple[tuple[str, str], ...]:
    symbols = dict(re.findall(r'<symbol id="sign-(\w+)"(.*?)</symbol>', sprite.read_text(), re.DOTALL))
    return tuple(
        (field.value, f"<svg {_SVG}{symbols[field.value]}</svg>".replace("currentColor", colour))
        for field, colour in COLOURS.items()
    )


def crossing(hosts: int) -> str:
    """A band for each host city, woven where they cross, as on the congress's home page; without names."""
    drawn = render_template("_partials/crossing.svg.html", hosts=[""] * hosts)
    drawn = re.sub(r"<text.*?</text>", "", re.sub(r"\{#.*?#\}", "", drawn, flags=re.DOTALL), flags=re.DOTALL)
    drawn = re.sub(r'class="crossing-line (line-\d)"', lambda found: f'stroke="{_LINES[found[1]]}" stroke-width="3.2"', drawn)
    return drawn[drawn.index("<svg") :].replace("<svg ", f"<svg {_SVG} ", 1)


def qr(address: str) -> str:
    """A QR code of an address."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, dark=_INK, light=None, omitsize=True, xmldecl=False)
    return out.getvalue().decode()
