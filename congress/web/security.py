"""Sign-in of people who work here (Flask-Security), and headers that every answer carries."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_security import Security, SQLAlchemyUserDatastore
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from congress.accounts.models import Account, Role
from congress.core.db import db

security = Security()
csrf = CSRFProtect()

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def settings() -> dict[str, object]:
    """Flask-Security: e-mail and password, at ``/desk/sign-in``, its texts in the reader's language."""
    return {
        "SECURITY_URL_PREFIX": "/desk",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/desk/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_TRACKABLE": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REDIRECT_VALIDATE_MODE": ["absolute"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_I18N_DIRNAME": ["builtin", str(Path(__file__).resolve().parent.parent / "translations")],
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ("Wrong e-mail address or password.", "error"),
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
    }


class _Sessions(SecureCookieSessionInterface):
    """Whoever asks for what is the same for everybody has a session that was looked at and not used: caches need not know."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or response.mimetype == "text/html":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.config.update(settings())
    app.session_interface = _Sessions()
    security.init_app(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=True)
    csrf.init_app(app)

    # Registered before Talisman, so that it runs after it: the last one registered runs first.
    @app.after_request
    def _no_traces(response: Response) -> Response:
        if request.path.startswith(("/my/", "/desk/")):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    Talisman(
        app,
        force_https=False,
        strict_transport_security=app.config["SITE_URL"].startswith("https:"),
        content_security_policy=_POLICY,
        referrer_policy="strict-origin-when-cross-origin",
        session_cookie_secure=app.config["SESSION_COOKIE_SECURE"],
    )
