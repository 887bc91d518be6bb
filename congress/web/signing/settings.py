"""What Flask-Security is asked for, and where its pages stand."""

from __future__ import annotations

from flask import Flask

from congress.accounts.signing import factors, rules
from congress.core import clock
from congress.core.tokens import derive_token
from congress.web.signing.words import messages

_ADDRESSES = {
    "LOGIN": "/sign-in",
    "LOGOUT": "/sign-out",
    "US_SIGNIN": "/sign-in/code",
    "US_SIGNIN_SEND_CODE": "/sign-in/code/sent",
    "TWO_FACTOR_SELECT": "/sign-in/second-factor/choose",
    "TWO_FACTOR_TOKEN_VALIDATION": "/sign-in/second-factor",
    "MULTI_FACTOR_RECOVERY": "/sign-in/recovery-code",
    "WAN_SIGNIN": "/sign-in/passkey",
    "RESET": "/password",
    "CHANGE": "/account/password",
    "CHANGE_EMAIL": "/account/address",
    "VERIFY": "/account/confirm",
    "WAN_VERIFY": "/account/confirm/passkey",
    "TWO_FACTOR_SETUP": "/account/app",
    "MULTI_FACTOR_RECOVERY_CODES": "/account/codes",
    "WAN_REGISTER": "/account/passkeys",
    "WAN_DELETE": "/account/passkeys/remove",
    # Pages that nobody needs here: see ``security.CLOSED``.
    "TWO_FACTOR_RESCUE": "/sign-in/rescue",
    "US_SETUP": "/account/code",
    "US_VERIFY": "/account/confirm/code",
    "US_VERIFY_SEND_CODE": "/account/confirm/code/sent",
    "US_VERIFY_LINK": "/sign-in/code/link",
}


def settings(app: Flask) -> dict[str, object]:
    """All that differs from what Flask-Security does by itself."""
    found: dict[str, object] = {
        "URL_PREFIX": "/desk",
        "I18N_DIRNAME": ["builtin", *app.config["BABEL_TRANSLATION_DIRECTORIES"].split(";")],
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": False,
        "CLI_ROLES_NAME": False,
        "JOIN_USER_ROLES": False,
        "DATETIME_FACTORY": clock.now,
        "EMAIL_PLAINTEXT": False,  # mails are written when they leave, by ``mails``
        "EMAIL_HTML": False,
        "RETURN_GENERIC_RESPONSES": True,
        "API_ENABLED_METHODS": ["session"],
        "POST_LOGIN_VIEW": "/desk/",
        "POST_VERIFY_VIEW": "/desk/account/",
        "POST_CHANGE_VIEW": "/desk/account/",
        "POST_CHANGE_EMAIL_VIEW": "/desk/account/",
        "CHANGE_EMAIL_ERROR_VIEW": "/desk/account/",
        "FRESHNESS": rules.CONFIRMED_FOR,
        "FRESHNESS_GRACE_PERIOD": rules.SEEN_EVERY,
        # Passwords. Those that are there were hashed as they were typed, so they are not normalised now.
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SINGLE_HASH": True,
        "PASSWORD_NORMALIZE_FORM": None,
        "HASHING_SCHEMES": ["hex_sha256"],  # what links carry of the old password: it is a hash already
        "CHANGEABLE": True,
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": rules.LINK_FOR,
        "CHANGE_EMAIL": True,
        "CHANGE_EMAIL_WITHIN": rules.LINK_FOR,
        # The code by mail. A password has its own page, so this one takes nothing else.
        "UNIFIED_SIGNIN": True,
        "US_ENABLED_METHODS": ["email"],
        "US_MFA_REQUIRED": ["email"],
        "US_TOKEN_VALIDITY": 0,  # of a key for one code only; how long that is good says the account, see ``codes``
        # Second factors.
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds by which clocks may differ
        "TWO_FACTOR_SETUP_WITHIN": rules.CONFIRMED_FOR,  # as long as nobody is asked once more
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "desk.account.index",
        "TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "webauthn": "congress.web.signing.passkeys.SecondPasskey",
        },
        "TOTP_SECRETS": {"1": derive_token(app.config["SECRET_KEY"], "sign-in-keys", "half an hour", 1)},
        "TOTP_ISSUER": "Congress",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": factors.RECOVERY_CODES,
        # Passkeys.
        "WEBAUTHN": True,
        "WAN_RP_NAME": "Congress",
        "WAN_POST_REGISTER_VIEW": "desk.account.index",
        "WAN_ALLOW_USER_HINTS": False,
        "WAN_SIGNIN_WITHIN": rules.CODE_FOR,
        "WAN_SIGNIN_TIMEOUT": 300_000,
        "WAN_REGISTER_TIMEOUT": 300_000,
        "WAN_NAME_ALLOWED_CHARS": None,  # as people name things; what could not be printed is refused by the form
        "WAN_NAME_MAX_LENGTH": 80,
        **{f"{name}_URL": address for name, address in _ADDRESSES.items()},
        **{f"MSG_{name}": said for name, said in messages().items()},
    }
    return {f"SECURITY_{name}": value for name, value in found.items()}
