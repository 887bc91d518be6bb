"""``/desk/<congress>/settings/``: what the congress is called, when and where it is, who may see it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.congresses.forms import SettingsForm
from congress.congresses.models import Congress, CongressKind
from congress.congresses.settings import Settings
from congress.core.clock import now
from congress.core.day_fields import moment_of
from congress.core.db import db, lock
from congress.core.localised_forms import spread
from congress.desk import choices
from congress.networks.models import City
from congress.registration import settings
from congress.registration.form.windows import first_day, last_day
from congress.web import seen
from congress.web.forms import submitted

bp = Blueprint("settings", __name__, url_prefix="/<congress>/settings")
_TEXTS = (("name", "names"), ("long_name", "long_names"), ("theme", "themes"), ("description", "descriptions"),
          ("press_office", "press_offices"), ("photo_terms", "photo_terms"))  # fmt: skip
_SAME = ("is_published", "starts_on", "ends_on", "timezone", "travel_minutes", "contact_email")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    if request.method == "POST":
        lock(g.congress)  # who saves at the same time waits, and is told of this one
    form = SettingsForm.within(choices.languages(g.congress))(request.form or None, data=_shown(g.congress))
    form.offer()
    sent = request.form.get("seen", "")
    hosts = choices.typed_hosts(form, g.congress.network) if submitted(form) else []
    differs = seen.differences(sent, form) if hosts else []
    if hosts and not differs and _save(form, hosts):
        return redirect(url_for(".index"), 303)
    marks = seen.kept(sent, form) if form.errors else seen.marks(form)
    page = render_template("desk/settings/index.html", form=form, differs=differs, seen=marks)
    return page, 422 if form.errors else 409 if differs else 200


def _shown(congress: Congress) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(congress, name) for name in _SAME}
    for stem, column in _TEXTS:
        values |= spread(stem, getattr(congress, column))
    for name, at, whole in (
        ("opens", congress.registration_opens_at, first_day), ("closes", congress.registration_closes_at, last_day),
    ):  # fmt: skip
        if at is not None:
            local, day = at.astimezone(congress.zone), whole(at, congress.zone)
            values |= {f"{name}_on": day or local.date(), f"{name}_time": None if day else local.time()}
    return values | {
        "kind": congress.kind.value,
        "languages_used": ", ".join(congress.languages),
        "hosts": "\n".join(city.names.text("en") for city in congress.hosts),
    }


def _save(form: SettingsForm, hosts: list[City]) -> bool:
    """Whether it could be saved; otherwise the reason stands on a field."""
    try:
        moved = settings.change_settings(
            g.congress, _wanted(form), hosts, with_draft=form.moves_draft.data, by=current_user.email, now=now()
        )
    except settings.HostInUse as refusal:
        form.add_error("hosts", str(refusal))
        db.session.rollback()
        return False
    db.session.commit()
    flash(_("Saved."), "success")
    if moved:
        flash(ngettext("%(num)d entry of the draft has moved. Readers see it after the next release.",
                       "%(num)d entries of the draft have moved. Readers see it after the next release.", moved), "info")  # fmt: skip
    return True


def _wanted(form: SettingsForm) -> Settings:
    zone = ZoneInfo(form.timezone.data)
    texts: dict[str, Any] = {column: form.texts(stem, getattr(g.congress, column)) for stem, column in _TEXTS}
    values = {name: form[name].data for name in _SAME}
    return Settings(
        **values,
        **texts,
        kind=CongressKind(form.kind.data),
        languages=form.codes,
        registration_opens_at=moment_of(form.opens_on.data, form.opens_time.data, zone),
        registration_closes_at=moment_of(form.closes_on.data, form.closes_time.data, zone, is_end=True),
    )
