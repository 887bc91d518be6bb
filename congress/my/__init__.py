"""Pages of one person behind secret links: ``/my/…``."""

from flask import Blueprint

from congress.my import calendar, registration

bp = Blueprint("my", __name__, url_prefix="/my")
for part in (registration, calendar):
    bp.register_blueprint(part.bp)
