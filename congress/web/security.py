"""Sign-in of people who work here (Flask-Security), and the token that every form carries."""

from __future__ import annotations

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf import CSRFProtect

from congress.accounts.models import Account, Role
from congress.core.db import db
from congress.web import signing

security = Security()
csrf = CSRFProtect()


def settings() -> dict[str, object]:
    """Flask-Security hashes passwords and knows who is signed in. Its own pages are not there: ours are in ``desk.sign_in`` and beside it."""
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_TRACKABLE": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
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
    security.init_app(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=False)
    signing.init_app(app)
    csrf.init_app(app)
