"""Congress: a network of cities runs its congress. ``create_app`` is the only place that wires the parts together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from congress import desk, my, public
from congress.accounts import audit as _audit  # noqa: F401  (models must be known before migrations compare them)
from congress.accounts import models as _accounts  # noqa: F401
from congress.accounts.signing import models as _signing  # noqa: F401
from congress.belongings import models as _belongings  # noqa: F401
from congress.core import languages, sealed, vault
from congress.core.db import db, engine_options
from congress.events import models as _events  # noqa: F401
from congress.feeds import models as _feeds  # noqa: F401
from congress.outbox import models as _outbox  # noqa: F401
from congress.programme.offerings import models as _offerings  # noqa: F401
from congress.programme.people import models as _people  # noqa: F401
from congress.programme.planning import models as _planning  # noqa: F401
from congress.programme.proposals import models as _proposals  # noqa: F401
from congress.programme.publishing import models as _publishing  # noqa: F401
from congress.registration import details as _details  # noqa: F401
from congress.registration import searching as _searching  # noqa: F401  (keeps a column)
from congress.registration.questions import models as _questions  # noqa: F401
from congress.web import (
    assets,
    auditing,
    compression,
    errors,
    filters,
    headers,
    health,
    kinds,
    language,
    limits,
    metrics,
    requests,
    security,
)
from congress.web.door import Door

_HERE = Path(__file__).parent
# In a checkout templates and static files stand beside the package; in a wheel they are inside it.
SITE = _HERE / "_site" if (_HERE / "_site").is_dir() else _HERE.parent
MIGRATIONS = _HERE / "migrations"


def _catalogues(config: Config) -> list[Path]:
    """The folders with catalogues: ours, and one beside it for further languages."""
    return [languages.OWN_CATALOGUES, *([config.TRANSLATIONS] if config.TRANSLATIONS else [])]


def create_app(config: Config) -> Flask:
    """The application for these settings; touches neither database nor network."""
    app = Flask(
        "congress",
        instance_path=str(config.INSTANCE.resolve()),
        static_folder=str(SITE / "static"),
        template_folder=str(SITE / "templates"),
    )
    app.config.update(
        SECRET_KEY=config.SECRET_KEY,
        SQLALCHEMY_DATABASE_URI=config.DATABASE_URL,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.DATABASE_URL),
        SITE_URL=config.SITE_URL,
        HSTS_DAYS=config.HSTS_DAYS,
        SMTP_URL=config.SMTP_URL,
        MAIL_FROM=config.MAIL_FROM,
        MAIL_BOUNCES=config.MAIL_BOUNCES,
        MAX_CONTENT_LENGTH=config.MAX_BODY,
        MAX_FORM_MEMORY_SIZE=config.MAX_BODY,
        TRUSTED_HOSTS=config.TRUSTED_HOSTS or None,
        RATE_LIMITS=config.RATE_LIMITS,
        METRICS_TOKEN=config.METRICS_TOKEN,
        REDIS_URL=config.REDIS_URL,
        SIGN_IN_HOURS=config.SIGN_IN_HOURS,
        SIGN_IN_IDLE_MINUTES=config.SIGN_IN_IDLE_MINUTES,
        TESTING=config.TESTING,
        DEBUG=config.DEBUG,
        SESSION_COOKIE_SECURE=not config.INSECURE_COOKIES,
        SESSION_COOKIE_NAME="session" if config.INSECURE_COOKIES else "__Host-session",
        SESSION_COOKIE_SAMESITE="Lax",
        LANGUAGE_COOKIE_NAME="language" if config.INSECURE_COOKIES else "__Host-language",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open all day; the token still belongs to one browser
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        BABEL_TRANSLATION_DIRECTORIES=";".join(map(str, _catalogues(config))),
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    languages.LANGUAGES.update(languages.spoken(*_catalogues(config)))
    sealed.use_keys(config.DATA_KEYS)
    vault.use_folder(Path(app.instance_path) / "uploads")
    app.wsgi_app = Door(app, app.wsgi_app)  # type: ignore[method-assign]
    if config.TRUSTED_PROXIES:
        proxies = config.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    kinds.init_app(Babel(app, locale_selector=language.chosen_locale), _catalogues(config))
    Bootstrap5(app)
    # What is registered first sees an answer last: it is compressed when all others are done with it.
    for part in (compression, requests, language, filters, errors, security, auditing, headers, limits, assets, health, metrics):
        part.init_app(app)
    for surface in (public, my, desk):
        app.register_blueprint(surface.bp)
    app.register_blueprint(desk.invitations.bp)
    return app
