"""PDF files, set by Typst (https://typst.app/docs) from templates that take all text as values: nothing in it is ever markup."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from flask import current_app

_log = logging.getLogger("congress.pdf")


def pdf(template: str, facts: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """The document of a template under ``templates``, which reads these facts from ``sys.inputs.facts`` as JSON.

    With ``made_at`` it says that it was made then, so the same facts give the same bytes. A template reads no file but those beside it.
    It can be read aloud: tagged, with language and title, as PDF/UA-1 (ISO 14289-1) asks, unless it holds signs that no font has.
    """
    source = Path(current_app.root_path, current_app.template_folder or "", template)
    inputs = {"facts": json.dumps(facts, ensure_ascii=False)}
    fonts = _fonts()
    try:
        return bytes(typst.compile(source, font_paths=fonts, sys_inputs=inputs, timestamp=made_at, pdf_standards=["ua-1"]))
    except typst.TypstError:
        # One sign that no font has (an emoji in a title) is enough to be refused; a sheet with a box in it is better than none.
        _log.warning("%s is printed without PDF/UA: no font has a sign in it", template)
        return bytes(typst.compile(source, font_paths=fonts, sys_inputs=inputs, timestamp=made_at))


def picture(template: str, facts: Mapping[str, Any]) -> bytes:
    """The one page of a template as PNG, a point of the page being a point of the picture; else as for ``pdf``."""
    source = Path(current_app.root_path, current_app.template_folder or "", template)
    inputs = {"facts": json.dumps(facts, ensure_ascii=False)}
    return bytes(typst.compile(source, font_paths=_fonts(), sys_inputs=inputs, format="png", ppi=72.0))


@functools.cache
def _fonts() -> typst.Fonts:
    """The fonts that come with Typst, and the system's for signs that these lack; looking for them takes longer than most documents."""
    return typst.Fonts()
