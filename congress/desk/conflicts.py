"""``/desk/<congress>/conflicts/…``: what is wrong in the draft, what organisers live with, and where something could go instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from congress.core.clock import now
from congress.core.db import db, lock
from congress.desk.timetable_days import in_words
from congress.programme.conflicts import ConflictKind, Severity
from congress.programme.models import Placement
from congress.programme.planning import acceptance, checks
from congress.programme.planning.checks import Desk, Finding
from congress.programme.planning.labels import KIND_LABELS, SEVERITY_LABELS
from congress.programme.planning.severities import AcceptForm, SeveritiesForm
from congress.registration.bookings.attendance import attendance
from congress.web.forms import submitted

bp = Blueprint("conflicts", __name__, url_prefix="/<congress>/conflicts")

_SHOWN = 200  # findings on one page; filters show the others
_IN_PANEL = 8
BADGES = {Severity.BLOCKS: "bad", Severity.WARNING: "wait", Severity.HINT: "plain"}


def the_desk() -> Desk:
    """The draft with what is known of those who come."""
    return Desk(g.congress, attendance(g.congress))


@dataclass(frozen=True)
class Filter:
    """What of all conflicts is asked for, as it stands in the address; empty: all."""

    severity: str = ""
    kind: str = ""
    city: str = ""
    field: str = ""
    day: str = ""
    accepted: str = ""

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> Filter:
        """Words that mean nothing find nothing."""
        return cls(*(args.get(name, "")[:40] for name in cls.__dataclass_fields__))

    def lets(self, finding: Finding) -> bool:
        """Whether one of the entries of a conflict is what is asked for."""
        entries = finding.placements
        cities = {city.slug for each in entries for city in (each.city, each.other_city) if city is not None}
        fields = {each.item.field.value for each in entries if each.item.field is not None}
        return (
            self.severity in ("", finding.severity.value)
            and self.kind in ("", finding.kind.value)
            and (not self.city or self.city in cities)
            and (not self.field or self.field in fields)
            and (not self.day or self.day in {each.isoformat() for each in days_of(finding)})
            and (finding.accepted is not None) == (self.accepted == "yes")
        )


def days_of(finding: Finding) -> set[date]:
    """The days on which its entries begin."""
    starts = [each.starts_at.astimezone(g.congress.zone).date() for each in finding.placements if each.starts_at]
    return {*starts, *(each.starts_on for each in finding.placements if each.starts_on)}


@bp.get("/")
def index() -> ResponseReturnValue:
    chosen, findings = Filter.of(request.args), the_desk().findings()
    found = [each for each in findings if chosen.lets(each)]
    live = [each for each in findings if each.accepted is None]
    return render_template(
        "desk/conflicts/index.html",
        findings=found[:_SHOWN],
        found=len(found),
        chosen=chosen,
        counts=Counter(each.severity.value for each in live),
        total=len(live),
        accepted=len(findings) - len(live),
        choices=_choices(findings),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"kinds": KIND_LABELS, "severities": SEVERITY_LABELS, "badges": BADGES}


def _choices(findings: Iterable[Finding]) -> dict[str, list[Any]]:
    """Kinds, fields and days that there are conflicts of."""
    findings = list(findings)
    kinds = {each.kind for each in findings}
    fields = {placement.item.field.value for each in findings for placement in each.placements if placement.item.field}
    return {
        "kind": [kind.value for kind in ConflictKind if kind in kinds],
        "field": sorted(fields),
        "day": sorted({day for each in findings for day in days_of(each)}),
    }


@bp.route("/<string(length=64):fingerprint>/", methods=["GET", "POST"])
def show(fingerprint: str) -> ResponseReturnValue:
    """One conflict; sending the form accepts it."""
    findings = the_desk().findings()
    finding = next((each for each in findings if each.fingerprint == fingerprint), None)
    if finding is None:
        flash(_("This conflict is not there any more, or something about it has changed. Look at it again."), "warning")
        return redirect(url_for(".index"), 303)
    form = AcceptForm(request.form or None, data={"reason": finding.accepted.reason if finding.accepted else ""})
    if submitted(form):
        acceptance.accept(
            g.congress, findings, fingerprint, reason=form.reason.data or "", by=current_user.email, now=now()
        )  # fmt: skip
        db.session.commit()
        flash(_("Accepted. It comes back when something about it changes."), "success")
        return redirect(url_for(".index"), 303)
    stands = {each.uid: in_words(each, g.congress) for each in finding.placements}
    page = render_template("desk/conflicts/show.html", finding=finding, form=form, stands=stands, **_words())
    return page, 422 if form.errors else 200


@bp.post("/<string(length=64):fingerprint>/take-back")
def take_back(fingerprint: str) -> ResponseReturnValue:
    try:
        acceptance.take_back(g.congress, fingerprint)
    except acceptance.ConflictGone as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".index", accepted="yes"), 303)
    db.session.commit()
    flash(_("It counts as a conflict again."), "success")
    return redirect(url_for(".index"), 303)


@bp.route("/severities", methods=["GET", "POST"])
def severities() -> ResponseReturnValue:
    """How heavy each kind is here."""
    known = {kind.value: severity.value for kind, severity in checks.severities_of(g.congress).items()}
    form, status = SeveritiesForm(request.form or None, data={**known, "version": str(g.congress.version)}), 200
    form.offer()
    if submitted(form):
        lock(g.congress)
        if form.version.data == str(g.congress.version):
            acceptance.set_severities(g.congress, form.wanted())
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), 303)
        flash(
            _("Somebody else has changed the congress in the meantime. Below is what you chose; save it if it is still right."),
            "warning",
        )
        form.version.raw_data, form.version.data = [str(g.congress.version)], str(g.congress.version)
        status = 409
    return render_template("desk/conflicts/severities.html", form=form, kinds=ConflictKind), 422 if form.errors else status


@bp.get("/panel")
def panel() -> ResponseReturnValue:
    """A fragment beside the timetable: how much is wrong, and the worst of it. Whoever opens it as a page gets the page."""
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return redirect(url_for(".index"))
    day = request.args.get("day", "")[:10]
    findings = [each for each in the_desk().findings() if each.accepted is None]
    if day:
        findings = [each for each in findings if day in {other.isoformat() for other in days_of(each)}]
    heavy = [each for each in findings if each.severity is not Severity.HINT]
    return render_template(
        "desk/conflicts/_panel.html",
        findings=heavy[:_IN_PANEL],
        more=max(0, len(heavy) - _IN_PANEL),
        counts=Counter(each.severity.value for each in findings),
        **_words(),
    )


def placement_of(desk: Desk, number: str | None) -> Placement:
    """A placement of this draft by its id; 404 where there is none."""
    return next((each for each in desk.placements if str(each.id) == number), None) or abort(404)
