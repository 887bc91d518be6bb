"""Shapes of the pages of signing in, and of the own account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, SelectField, ValidationError

from congress.accounts.signing import rules
from congress.core.forms import BaseForm, LineField, MailField, Needed


class SignInForm(BaseForm):
    """E-mail address and password."""

    email = MailField(_("E-mail address"), [Needed(_("Write your e-mail address."))])
    password = PasswordField(_("Password"), [Needed(_("Write your password."))])

    def validate_password(self, field: Any) -> None:
        if len(field.data or "") > rules.LONGEST_PASSWORD:
            raise ValidationError(gettext("Wrong e-mail address or password."))


class AddressForm(BaseForm):
    """Where to a mail is to be sent."""

    email = MailField(_("E-mail address"), [Needed(_("Write your e-mail address."))])


class NewAddressForm(BaseForm):
    """Another address for the account."""

    email = MailField(
        _("New e-mail address"), [Needed(_("Write the new e-mail address."))],
        description=_("We send a link there. The address changes when you open it."),
    )  # fmt: skip


class DigitsForm(BaseForm):
    """The code of a mail."""

    code = LineField(_("Code from the e-mail"), [Needed(_("Write the six digits of the code."))], most=20)


class FactorForm(BaseForm):
    """A code of the authenticator app, or one of those on paper."""

    code = LineField(
        _("Code"), [Needed(_("Write the six digits of the code."))], most=40,
        description=_("Six digits that your authenticator app shows, or one of your recovery codes."),
    )  # fmt: skip


class AppForm(BaseForm):
    """The first code of a new authenticator app."""

    code = LineField(
        _("Code of the app"), [Needed(_("Write the six digits of the code."))], most=20,
        description=_("Six digits. They change every half minute."),
    )  # fmt: skip


class NewPasswordForm(BaseForm):
    """A new password; whose it is, is handed in, so that it is not made of the own name."""

    password = PasswordField(
        _("New password"), [Needed(_("Write a password."))],
        description=_(
            "At least %(least)s characters. Four words that have nothing to do with each other are good; a password manager makes better ones.",
            least=rules.SHORTEST_PASSWORD,
        ),
    )  # fmt: skip
    of: tuple[str, str] = ("", "")  # address and name

    def validate_password(self, field: Any) -> None:
        typed = field.data or ""
        if len(typed) < rules.SHORTEST_PASSWORD:
            raise ValidationError(
                gettext("This is too short. Write at least %(least)d characters.", least=rules.SHORTEST_PASSWORD)
            )
        if len(typed) > rules.LONGEST_PASSWORD:
            raise ValidationError(gettext("This is too long. Write at most %(most)d characters.", most=rules.LONGEST_PASSWORD))
        if rules.is_easy(typed, email=self.of[0], name=self.of[1]):
            raise ValidationError(
                gettext("This is easily guessed. Use more different characters than a name or a row of keys has.")
            )


class InvitedForm(NewPasswordForm):
    """Who was invited says the name and chooses a password."""

    name = LineField(
        _("Your name"), [Needed(_("Write your name."))], description=_("As colleagues and the log of changes show it.")
    )


class ConfirmForm(BaseForm):
    """The password once more."""

    password = PasswordField(_("Password"), [Needed(_("Write your password."))])


class PersonForm(BaseForm):
    """Name and language of the own account; languages are handed in."""

    name = LineField(_("Name"), [Needed(_("Write your name."))])
    language = SelectField(_("Language of pages and e-mails"), validate_choice=False)

    def validate_language(self, field: Any) -> None:
        if field.data not in dict(field.choices or ()):
            raise ValidationError(gettext("Choose one of the possibilities in the list."))


class PasskeyForm(BaseForm):
    """What the browser says of a passkey, put there by the page's script."""

    credential = HiddenField()
    name = LineField(
        _("Name of the passkey"), [Needed(_("Give the passkey a name."))], most=80,
        description=_("By which you will know it, such as “Office laptop”."),
    )  # fmt: skip
