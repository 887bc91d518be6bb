"""Shapes of our pages beside Flask-Security's: the own account, an invitation."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, ValidationError

from congress.accounts.signing import rules
from congress.core.forms import BaseForm, LineField, Needed

HINT = _(
    "At least %(least)s characters. Four words that have nothing to do with each other are good; a password manager makes better ones.",
    least=rules.SHORTEST_PASSWORD,
)


class PersonForm(BaseForm):
    """Name and language of the own account; languages are handed in."""

    name = LineField(_("Name"), [Needed(_("Write your name."))])
    language = SelectField(_("Language of pages and e-mails"), validate_choice=False)

    def validate_language(self, field: Any) -> None:
        if field.data not in dict(field.choices or ()):
            raise ValidationError(gettext("Choose one of the possibilities in the list."))


class InvitedForm(BaseForm):
    """Who was invited says the name, and chooses a password unless it is to be a passkey."""

    name = LineField(
        _("Your name"), [Needed(_("Write your name."))], description=_("As colleagues and the log of changes show it.")
    )
    password = PasswordField(_("New password"), description=HINT)
