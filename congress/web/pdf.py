"""PDF files, set by Typst (https://typst.app/docs) from templates that take all text as values: nothing in it is ever markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from flask import current_app


def pdf(template: str, facts: Mapping[str, Any]) -> bytes:
    """The document of a template under ``templates``, which reads these facts from ``sys.inputs.facts`` as JSON."""
    source = Path(current_app.root_path, current_app.template_folder or "", template).read_bytes()
    return bytes(typst.compile(source, sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)}))
