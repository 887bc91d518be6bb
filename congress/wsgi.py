"""For WSGI servers: ``gunicorn congress.wsgi:app``."""

import os

from config import Config, ConfigError
from congress import create_app

try:
    app = create_app(Config.from_environment(os.environ))
except ConfigError as problem:
    raise SystemExit(str(problem)) from None
