"""Pages of one person behind secret links: ``/my/…``."""

from flask import Blueprint

from congress.my import calendar, data, newsletter, participants, registration, sign_ups

bp = Blueprint("my", __name__, url_prefix="/my")
for part in (registration, calendar, data, participants, sign_ups, newsletter):
    bp.register_blueprint(part.bp)
