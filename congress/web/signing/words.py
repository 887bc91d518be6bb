"""What Flask-Security says, in our words: it knows neither our pages nor how we speak."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_security.babel import FsDomain

_AGAIN = _("This took too long. Please begin again.")


class Texts(FsDomain):
    """Its catalogues, which also take the lazy sentences of ours that stand in the settings."""

    def gettext(self, string: Any, **variables: Any) -> str:
        return str(super().gettext(str(string), **variables))  # type: ignore[no-untyped-call]


def messages() -> dict[str, tuple[Any, str]]:
    """Sentences and how they are shown, by Flask-Security's names."""
    return {
        "API_ERROR": (_("This did not work. Please begin again."), "warning"),
        "CHANGE_EMAIL_CONFIRMED": (_("Your e-mail address is changed. Sign in with the new one from now on."), "success"),
        "CHANGE_EMAIL_SENT": (_("If nobody has this address yet, a link is on its way there. It is good for an hour."), "info"),
        "GENERIC_AUTHN_FAILED": (_("Wrong e-mail address or password."), "warning"),
        "GENERIC_US_SIGNIN": (_("If there is an account with this address, a code is on its way."), "info"),
        "FAILED_TO_SEND_CODE": (_("The code could not be sent. Please try again."), "warning"),
        "INVALID_PASSWORD": (_("This is not your password."), "warning"),
        "INVALID_RECOVERY_CODE": (_("This is none of your recovery codes, or it was used already."), "warning"),
        "PASSWORD_CHANGE": (_("Your password is changed. You are signed out everywhere else."), "success"),
        "PASSWORD_IS_THE_SAME": (_("This is the password that you have now. Choose another one."), "warning"),
        "PASSWORD_NOT_PROVIDED": (_("Write your password."), "warning"),
        "PASSWORD_RESET_NO_LOGIN": (_("Your password is changed. Please sign in with it."), "success"),
        "PASSWORD_RESET_REQUEST": (_("If there is an account with this address, a link is on its way. It is good for an hour."), "info"),
        "REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You can go on."), "success"),
        "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("The authenticator app is set up."), "success"),
        "TWO_FACTOR_DISABLED": (_("The authenticator app is removed."), "success"),
        "TWO_FACTOR_INVALID_TOKEN": (
            _("This code is not right. Each code is good once, and for half a minute: wait for the next one."), "warning",
        ),
        "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are signed in."), "success"),
        "TWO_FACTOR_PERMISSION_DENIED": (_AGAIN, "warning"),
        "TWO_FACTOR_SETUP_EXPIRED": (_AGAIN, "warning"),
        "WEBAUTHN_CREDENTIAL_DELETED": (_("The passkey is removed."), "success"),
        "WEBAUTHN_EXPIRED": (_AGAIN, "warning"),
        "WEBAUTHN_NAME_INUSE": (_("You have a passkey of this name. Choose another name."), "warning"),
        "WEBAUTHN_NAME_NOT_FOUND": (_("You have no passkey of this name."), "warning"),
        "WEBAUTHN_REGISTER_SUCCESSFUL": (_("The passkey is added. You can sign in with it from now on."), "success"),
    }  # fmt: skip
