"""The shape of words for mails. Which placeholders a mail knows is handed in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, ValidationError

from congress.core.forms import BaseForm, LineField, MailField, Needed, TextField
from congress.core.localised_forms import LocalisedForm
from congress.outbox import wording

LONGEST = 10_000


class _Words(LocalisedForm):
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
    """One mail to many: its words in one language or several. ``key`` names the form, ``seen`` what its preview showed."""

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

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether each language has both a subject and a text or neither, and one has them."""
        pairs = [(f"subject_{code}", f"body_{code}") for code in self.languages]
        is_empty = not any(self[name].data for pair in pairs for name in pair)
        asked = {name: [self.check] for pair in pairs for name in pair}
        valid = super().validate({**(extra_validators or {}), **asked})
        for subject, body in pairs:
            for name, other in ((subject, body), (body, subject)):
                if not self[name].data and (self[other].data or (is_empty and name == pairs[0][0])):
                    self.add_error(name, gettext("Write a subject and a text, in one language at least."))
                    valid = False
        return bool(valid)

    @staticmethod
    def check(form: MailingForm, field: Any) -> None:
        form.check_placeholders(field)
