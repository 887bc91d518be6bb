"""For WSGI servers: ``gunicorn congress.wsgi:app``."""

import os

from config import Config
from congress import create_app

app = create_app(Config.from_environment(os.environ))
