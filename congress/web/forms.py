"""Forms over HTTP."""

from __future__ import annotations

from flask import request

from congress.core.forms import BaseForm


def sent_number(name: str) -> int:
    """A whole number that a form carries, such as a version that its page showed; 0 where it carries none that can be one."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def submitted(form: BaseForm) -> bool:
    """Whether the form was sent and its shape is right."""
    return request.method == "POST" and form.validate()
