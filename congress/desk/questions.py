"""``/desk/<congress>/questions/``: the organisers' own questions in the form."""

from flask import Blueprint

bp = Blueprint("questions", __name__, url_prefix="/<congress>/questions")
