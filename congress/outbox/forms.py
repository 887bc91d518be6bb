"""The shape of words for mails. Which placeholders a mail knows is handed in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, ValidationError

from congress.core.forms import BaseForm, LineField, MailField, Needed, TextField
from congress.outbox import wording

LONGEST = 10_000


class _Words(BaseForm):
    """Fields in which placeholders may stand."""

    def __init__(self, *values: Any, known: Collection[str], **more: Any) -> None:
        super().__init__(*values, **more)
        self.known = known

    def check_placeholders(self, field: Any) -> None:
        problem = wording.problem(field.data or "", self.known)
        if problem is None:
            return
        kind, where = problem
        if kind == "unknown":
            raise ValidationError(
                gettext("%(names)s is no placeholder of this e-mail. Choose from the list on this page.", names=where)
            )
        raise ValidationError(
            gettext(
                "There is a brace that belongs to no placeholder near “%(text)s”. Write placeholders like {congress}.", text=where
            )
        )


class MailTextForm(_Words):
    """The congress's own words for one mail in one language. ``was`` stands for those that the page showed.

    ``needed`` are the placeholders without which the mail would be of no use.
    """

    was = HiddenField()
    subject = LineField(_("Subject"), [Needed(_("Write a subject."))], most=200)
    body = TextField(
        _("Text"), [Needed(_("Write a text."))], most=LONGEST,
        description=_("Plain text; an empty line begins a new paragraph. Addresses that begin with https:// become links."),
        render_kw={"rows": 18},
    )  # fmt: skip

    def __init__(self, *values: Any, needed: Collection[str] = (), **more: Any) -> None:
        super().__init__(*values, **more)
        self.needed = needed

    def validate_subject(self, field: Any) -> None:
        self.check_placeholders(field)

    def validate_body(self, field: Any) -> None:
        self.check_placeholders(field)
        if lacking := [f"{{{name}}}" for name in self.needed if f"{{{name}}}" not in (field.data or "")]:
            raise ValidationError(
                gettext("The e-mail would be of no use without %(names)s. Write it into the text.", names=", ".join(lacking))
            )


class AddressForm(BaseForm):
    """The right address, where the mail server has refused the one before."""

    address = MailField(_("Right address"), [Needed(_("Write the address to which the e-mail should go."))])


class MailingForm(_Words):
    """One mail to many: its words in one language or both. ``key`` names the form, ``seen`` what its preview showed."""

    subject_en = LineField(_("Subject in English"), most=200, description=_("One line."))
    body_en = TextField(
        _("Text in English"), most=LONGEST, render_kw={"rows": 12},
        description=_("Plain text; an empty line begins a new paragraph. Addresses that begin with https:// become links."),
    )  # fmt: skip
    subject_pl = LineField(
        _("Subject in Polish"), most=200, description=_("Who reads Polish gets these words; without them, the English ones.")
    )
    body_pl = TextField(_("Text in Polish"), most=LONGEST, render_kw={"rows": 12}, description=_("The same for Polish readers."))
    key = HiddenField()
    seen = HiddenField()

    def validate_subject_en(self, field: Any) -> None:
        self._check(field, self.body_en)

    def validate_body_en(self, field: Any) -> None:
        self._check(field, self.subject_en)

    def validate_subject_pl(self, field: Any) -> None:
        self._check(field, self.body_pl)

    def validate_body_pl(self, field: Any) -> None:
        self._check(field, self.subject_pl)

    def _check(self, field: Any, other: Any) -> None:
        self.check_placeholders(field)
        is_empty = not (self.subject_en.data or self.body_en.data or self.subject_pl.data or self.body_pl.data)
        if not field.data and (other.data or (is_empty and field is self.subject_en)):
            raise ValidationError(gettext("Write a subject and a text, in one language at least."))
