"""Forms over HTTP."""

from __future__ import annotations

from flask import Response, g, request

from congress.core.forms import BaseForm

REFUSED = 422


def sent_number(name: str) -> int:
    """A whole number that a form carries, such as a version that its page showed; 0 where it carries none that can be one."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def submitted(form: BaseForm) -> bool:
    """Whether the form was sent and its shape is right."""
    if request.method != "POST":
        return False
    g.sent_forms = [*g.get("sent_forms", []), form]
    return bool(form.validate())


def tell_refusal(response: Response) -> None:
    """A page that shows a sent form again with what is wrong in it is an answer of 422, whoever found it: form, service or view."""
    if response.status_code == 200 and any(form.errors for form in g.get("sent_forms", [])):
        response.status_code = REFUSED
