"""Our application as gunicorn serves it, with the settings of the environment."""

from __future__ import annotations

import os

from config import Config
from congress import create_app

app = create_app(Config.from_environment(os.environ))
