"""Passkeys by Flask-Security: each is made with a finger, a face or a PIN, so it is two factors in one, and may be the second one as well.

Flask-Security has keys for one or for the other. Ours are all made as first factors; where one is the second, it is asked for as that.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import request, session
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_security import WebauthnUtil
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    WebAuthnTfPlugin,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import HiddenField

from congress.accounts.models import Account
from congress.core.forms import LineField, Needed

_CHALLENGE = "passkey_challenge"
_LONGEST = 20_000  # characters of an answer
# What the library makes of an answer that no browser gives, some of it by accident.
_UNUSABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def are_possible() -> bool:
    """Browsers make passkeys for names only, not for addresses of numbers."""
    try:
        ip_address(urlsplit(request.host_url).hostname or "")
    except ValueError:
        return True
    return False


class Asking(WebauthnUtil):
    """What devices are asked for."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Of this browser, and good once (``_is_answered``)."""
        session[_CHALLENGE] = super().generate_challenge(nbytes)
        return str(session[_CHALLENGE])

    def registration_options(self, user: Any, usage: str, existing_options: dict[str, Any]) -> dict[str, Any]:
        existing_options["authenticator_selection"] = AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )
        existing_options["user_display_name"] = user.name
        return existing_options

    def authentication_options(self, user: Any, usage: list[str], existing_options: dict[str, Any]) -> dict[str, Any]:
        existing_options["user_verification"] = UserVerificationRequirement.REQUIRED
        existing_options["allow_credentials"] = _named(user) if user else []
        return existing_options


def _named(account: Account) -> list[PublicKeyCredentialDescriptor]:
    known = {each.value for each in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=key.credential_id, transports=[AuthenticatorTransport(each) for each in key.transports or [] if each in known]
        )
        for key in account.webauthn
    ]


class SecondPasskey(WebAuthnTfPlugin):
    """Whoever has a passkey has a second factor."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        return [("webauthn", gettext("Passkey"))] if user.webauthn else []


class _Answer:
    """An answer of a device, to the challenge of this browser. Whatever is wrong with it is said in one sentence."""

    said: Any

    def _is_answered(self, **more: Any) -> bool:
        challenge = session.pop(_CHALLENGE, None)
        field = self.credential  # type: ignore[attr-defined]
        field.data = (field.data or "")[:_LONGEST]
        try:
            if challenge == self.challenge and super().validate(**more):  # type: ignore[attr-defined,misc]
                return True
        except _UNUSABLE:
            pass
        field.errors = [str(self.said)]
        return False


class AskForm(WebAuthnSigninForm):
    """Begins; there is nothing to fill in."""

    def validate(self, **more: Any) -> bool:
        self.remember.data = False
        return bool(super().validate(**more))


class AnswerForm(_Answer, WebAuthnSigninResponseForm):
    """What a passkey has signed, to sign in or to confirm."""

    said = _("The passkey was not accepted. Try again, or sign in in another way.")

    def validate(self, **more: Any) -> bool:
        is_second, self.is_secondary, self.remember.data = self.is_secondary, False, ""
        if not self._is_answered(**more):
            return False
        if is_second and self.user and self.user.fs_uniquifier != session.get("tf_user_id"):
            self.credential.errors = [str(self.said)]
            return False
        return True


class NewForm(WebAuthnRegisterForm):
    """The name of a new passkey."""

    name = LineField(
        _("Name of the passkey"), [Needed(_("Give the passkey a name."))], most=80,
        description=_("By which you will know it, such as “Office laptop”."),
    )  # fmt: skip

    usage = HiddenField()

    def validate(self, **more: Any) -> bool:
        self.usage.data = "first"
        return bool(super().validate(**more))


class MadeForm(_Answer, WebAuthnRegisterResponseForm):
    """What the device says of a passkey that it has made."""

    said = _("Your device has not made a passkey. Try again; it has to ask for a finger, your face or a PIN.")

    def validate(self, **more: Any) -> bool:
        is_made = self._is_answered(**more)
        self.extensions = ""  # nobody asked for any
        return is_made


class RemoveForm(WebAuthnDeleteForm):
    """Which passkey is to be removed."""

    name = LineField(_("Name of the passkey"), [Needed(_("Give the passkey a name."))], most=80)
