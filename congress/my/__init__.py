"""Pages of one person behind secret links: ``/my/…``."""

from flask import Blueprint

from congress.my import (
    calendar,
    data,
    delegation,
    delegation_form,
    delegation_lists,
    delegation_people,
    documents,
    everything,
    everything_cities,
    everything_data,
    form,
    newsletter,
    offerings,
    participants,
    registration,
    sessions,
    sign_ups,
    speaker,
    uploads,
)

bp = Blueprint("my", __name__, url_prefix="/my")
for part in (
    everything,
    everything_cities,
    everything_data,
    speaker,
    offerings,
    documents,
    registration,
    form,
    delegation_form,
    calendar,
    data,
    participants,
    sessions,
    sign_ups,
    newsletter,
    delegation,
    delegation_people,
    delegation_lists,
    uploads,
):
    bp.register_blueprint(part.bp)
