"""Forms over HTTP."""

from __future__ import annotations

from flask import request

from congress.core.forms import BaseForm


def submitted(form: BaseForm) -> bool:
    """Whether the form was sent and its shape is right."""
    return request.method == "POST" and form.validate()
