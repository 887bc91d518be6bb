"""For WSGI servers: ``gunicorn congress.wsgi:app``."""

import os

from config import Config, ConfigError
from congress import create_app
from congress.web import logs, stopping

try:
    _config = Config.from_environment(os.environ)
    logs.write_to_stderr(_config.LOG_FORMAT, whole=_config.DEBUG)
    app = create_app(_config)
    stopping.wake_main_thread()
except ConfigError as problem:
    raise SystemExit(str(problem)) from None
