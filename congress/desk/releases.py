"""``/desk/<congress>/releases/``: what a release would change and for whom, releasing now or at a time, and going back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.programme import queries, releases, services
from congress.programme.people import queries as people
from congress.programme.planning.checks import Finding
from congress.programme.proposals import queries as proposals
from congress.programme.publishing import queries as published
from congress.programme.publishing import services as publishing
from congress.programme.publishing.forms import ReleaseForm, ReturnForm
from congress.programme.releases import Change
from congress.registration import notices
from congress.web import filters, mail, mail_registrations, release_words
from congress.web import publishing as releasing
from congress.web.forms import sent_number, submitted
from congress.web.impact import Impact, impact
from congress.web.publishing import Published

bp = Blueprint("releases", __name__, url_prefix="/<congress>/releases")
_NUMBER = f"<int(max={LARGEST_ID}):number>"


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    return _page(None, "desk/releases/index.html")


@bp.route("/only/<uid>", methods=["GET", "POST"])
def only(uid: str) -> ResponseReturnValue:
    """One change by itself, with its own figures."""
    return _page(uid, "desk/releases/only.html")


def _page(uid: str | None, template: str) -> ResponseReturnValue:
    last, status = queries.latest_release(g.congress), 200
    form = ReleaseForm.within(choices.languages(g.congress))(
        request.form or None, data={"is_provisional": last is not None and last.is_provisional}
    )
    form.zone = g.congress.zone
    if submitted(form):
        try:
            sentence = _plan(form, form.due_at) if form.due_at else _release(form)
        except CongressError as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
            status = 422 if isinstance(refusal, publishing.TooLate | releasing.Blocked) else 409
        else:
            db.session.commit()
            flash(sentence, "success")
            return redirect(url_for(".index"), 303)
    pending = services.pending_changes(g.congress)
    shown = [change for change in pending if uid in (None, change.after.uid)]
    if uid is not None and not shown:
        flash(_("This entry has no change that is not released."), "info")
        return redirect(url_for(".index"), 303)
    blocked = _blocked(pending, {change.after.uid for change in shown})
    ticked = _chosen() if request.method == "POST" else {change.after.uid for change in shown} - blocked.keys()
    plans = published.plans(g.congress)
    return render_template(
        template, form=form, blocked=blocked, ticked=ticked, plans=plans,
        stops=releasing.stops_plans(g.congress, plans, pending, now=now()), **_shown(shown),
    ), (422 if form.errors else status)  # fmt: skip


def _shown(pending: Sequence[Change]) -> dict[str, Any]:
    """What the pages of changes show: the changes side by side, whom they touch, and what was and will be released."""
    released, may_edit = queries.releases(g.congress), rules.may_edit_programme(current_user.held, g.congress.id)
    touched = impact(g.congress, pending, now=now())
    return {
        "pending": pending,
        "differences": {change.after.uid: release_words.differences(change, g.congress.zone) for change in pending},
        "touched": touched,
        "tells": bool(released),
        "examples": _examples(touched) if released else {},
        "releases": released,
        "untold": published.untold(g.congress),
        "languages": LANGUAGES,
        "proposals": proposals.count_waiting(g.congress) if may_edit else 0,
        "conflicts_page": url_for("desk.conflicts.index"),
    }


def _blocked(pending: Sequence[Change], uids: Collection[str]) -> dict[str, list[Finding]]:
    """What stops these from being released together, by the uid of an entry."""
    found: dict[str, list[Finding]] = {}
    for finding in releasing.would_stop(g.congress, pending, uids, now=now()):
        for uid in finding.uids:
            found.setdefault(uid, []).append(finding)
    return found


def _chosen() -> dict[str, str]:
    """Uids of the entries that are ticked, each with the mark of the change that was on the page."""
    parts = (value.rpartition(":") for value in request.form.getlist("entries"))
    return {uid: mark or "-" for uid, _colon, mark in parts}


def _notes(form: ReleaseForm | ReturnForm) -> Localised:
    return form.texts("note")


def _release(form: ReleaseForm) -> str:
    """What has been done, in a sentence."""
    done = releasing.publish(
        g.congress, notes=_notes(form), by=current_user.email, now=now(), only=_chosen(),
        is_provisional=form.is_provisional.data, tells_people=form.send_mails.data,
    )  # fmt: skip
    return _said(done)


def _plan(form: ReleaseForm, due_at: datetime) -> str:
    chosen = None if form.takes_all.data else list(_chosen())
    if chosen == []:
        raise services.NothingToRelease(_("Choose at least one change."))
    pending = services.pending_changes(g.congress)
    stops = releasing.would_stop(g.congress, pending, releasing.planned(pending, chosen), now=now())
    plan = publishing.plan_release(
        g.congress, due_at=due_at, uids=chosen, notes=_notes(form), is_provisional=form.is_provisional.data,
        tells_people=form.send_mails.data, by=current_user.email, now=now(),
    )  # fmt: skip
    said = [_("The release is planned for %(moment)s.", moment=filters.moment(plan.due_at, g.congress.zone))]
    if stops:
        said.append(
            ngettext(
                "As things stand, %(num)d conflict will stop it."
                " Solve or accept it by then; otherwise whoever planned it receives an e-mail that it did not come out.",
                "As things stand, %(num)d conflicts will stop it."
                " Solve or accept them by then; otherwise whoever planned it receives an e-mail that it did not come out.",
                len(stops),
            )
        )
    return " ".join(map(str, said))


def _said(done: Published) -> str:
    sentences = [
        _("Release %(number)d is out.", number=done.release.number),
        ngettext("%(num)d entry changed.", "%(num)d entries changed.", len(done.changes)),
    ]
    if done.mails:
        sentences.append(ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", done.mails))
    if done.tell_at:
        sentences.append(_("The mails leave at %(moment)s.", moment=filters.moment(done.tell_at, g.congress.zone)))
    return " ".join(map(str, sentences))


def _examples(touched: Impact) -> dict[str, str]:
    if not touched.longest:
        return {}
    return {
        code: mail.example(notices.TEMPLATE, mail_registrations.example(g.congress, touched.longest, code), code)
        for code in LANGUAGES
    }


@bp.post(f"/plans/<int(max={LARGEST_ID}):plan_id>/stop")
def stop(plan_id: int) -> ResponseReturnValue:
    """A planned release does not come out."""
    plan = published.find_plan(g.congress, plan_id)
    if plan is None:
        abort(404)
    try:
        publishing.stop_plan(plan)
    except publishing.TooLate as refusal:
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("The planned release is stopped."), "success")
    return redirect(url_for(".index"), 303)


@bp.route(f"/{_NUMBER}/return", methods=["GET", "POST"])
def return_to(number: int) -> ResponseReturnValue:
    """An older release once more, as a new one."""
    wanted = published.find_release(g.congress, number)
    if wanted is None:
        abort(404)
    form, status = ReturnForm.within(choices.languages(g.congress))(request.form or None), 200
    if submitted(form):
        try:
            done = releasing.return_to(
                g.congress, number, notes=_notes(form), by=current_user.email, now=now(), seen=sent_number("seen"),
                tells_people=form.send_mails.data,
            )  # fmt: skip
        except CongressError as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
            status = 409
        else:
            db.session.commit()
            flash(_said(done), "success")
            return redirect(url_for(".index"), 303)
    current = queries.released(g.congress)
    form.seen.data = str(current.number)
    changes = releases.changes(current.entries, people.agreed(g.congress, published.state_of(g.congress, number)))
    return render_template(
        "desk/releases/return_to.html", form=form, wanted=wanted, pending=changes, touched=impact(g.congress, changes, now=now()),
        differences={change.after.uid: release_words.differences(change, g.congress.zone) for change in changes},
    ), (422 if form.errors else status)  # fmt: skip
