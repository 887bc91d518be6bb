"""``/desk/<congress>/conflicts/…``: what is wrong in the draft, what organisers live with, and where something could go instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from congress.core.clock import now
from congress.core.db import db, lock
from congress.desk.timetable_days import in_words
from congress.programme import queries
from congress.programme.conflicts import ConflictKind, Severity, Slot
from congress.programme.planning import acceptance, checks
from congress.programme.planning.checks import Desk, Finding
from congress.programme.planning.groups import grouped
from congress.programme.planning.keeping import KeptDesk, kept_desk
from congress.programme.planning.labels import KIND_LABELS, SEVERITY_LABELS
from congress.programme.planning.severities import AcceptForm, SeveritiesForm
from congress.registration.bookings.attendance import attendance
from congress.web.forms import submitted

bp = Blueprint("conflicts", __name__, url_prefix="/<congress>/conflicts")

_SHOWN = 100  # conflicts and groups of them on one page; filters show the others
_IN_PANEL = 8
BADGES = {Severity.BLOCKS: "bad", Severity.WARNING: "wait", Severity.HINT: "plain"}


def the_desk() -> KeptDesk:
    """The draft with what is known of those who come; for views that have written nothing yet."""
    return kept_desk(g.congress, attendance(g.congress), now=now())


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

    def lets(self, finding: Finding, cities: Mapping[str, int]) -> bool:
        """Whether one of the entries of a conflict is what is asked for; ``cities`` are ids by slug."""
        return (
            self.severity in ("", finding.severity)
            and self.kind in ("", finding.kind)
            and (finding.accepted is not None) == (self.accepted == "yes")
            and (not self.city or any(cities.get(self.city, 0) in (each.city, each.other_city) for each in finding.slots))
            and (not self.field or any(each.field == self.field for each in finding.slots))
            and (not self.day or self.day in {each.isoformat() for each in finding.days})
        )


@bp.get("/")
def index() -> ResponseReturnValue:
    chosen, findings = Filter.of(request.args), the_desk().all_findings()
    cities = {city.slug: city.id for city in g.congress.hosts}
    found = [each for each in findings if chosen.lets(each, cities)]
    groups = grouped(found)
    live = [each for each in findings if each.accepted is None]
    return render_template(
        "desk/conflicts/index.html",
        groups=groups[:_SHOWN],
        left=len(groups) - _SHOWN,
        found=len(found),
        chosen=chosen,
        counts=Counter(each.severity for each in live),
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
    return {
        "kind": [kind.value for kind in ConflictKind if kind in kinds],
        "field": sorted({slot.field for each in findings for slot in each.slots if slot.field}),
        "day": sorted({day for each in findings for day in each.days}),
    }


@bp.route("/<string(length=64):fingerprint>/", methods=["GET", "POST"])
def show(fingerprint: str) -> ResponseReturnValue:
    """One conflict; sending the form accepts it."""
    findings = the_desk().all_findings()
    finding = next((each for each in findings if each.fingerprint == fingerprint), None)
    if finding is None:
        flash(_("This conflict is not there any more, or something about it has changed. Look at it again."), "warning")
        return redirect(url_for(".index"), 303)
    form = AcceptForm(request.form or None, data={"reason": finding.accepted.reason if finding.accepted else ""})
    if submitted(form):
        acceptance.accept(
            g.congress, findings, [fingerprint], reason=form.reason.data or "", by=current_user.email, now=now()
        )  # fmt: skip
        db.session.commit()
        flash(_("Accepted. It comes back when something about it changes."), "success")
        return redirect(url_for(".index"), 303)
    page = render_template("desk/conflicts/show.html", finding=finding, form=form, stands=_stands(finding.slots), **_words())
    return page, 422 if form.errors else 200


def _stands(slots: Iterable[Slot]) -> dict[str, str]:
    """Where and when entries stand, in words."""
    placements = (queries.find_placement(g.congress, each.number) for each in slots)
    return {each.uid: in_words(each, g.congress) for each in placements if each is not None}


@bp.route("/of/<uid>/<kind>", methods=["GET", "POST"])
def group(uid: str, kind: str) -> ResponseReturnValue:
    """All conflicts of one kind that an entry has; sending the form accepts those that are ticked, with one reason."""
    desk, form = the_desk(), AcceptForm(request.form or None)
    members = [each for each in desk.all_findings() if each.kind == kind and uid in each.uids and each.accepted is None]
    if not members:
        flash(_("These conflicts are not there any more, or something about them has changed."), "warning")
        return redirect(url_for(".index"), 303)
    ticked, status = request.form.getlist("conflicts"), 200
    if submitted(form):
        try:
            rows = acceptance.accept(
                g.congress, members, ticked, reason=form.reason.data or "", by=current_user.email, now=now()
            )  # fmt: skip
        except acceptance.ConflictGone as refusal:
            flash(str(refusal) if ticked else _("Choose at least one conflict."), "warning")
            status = 409 if ticked else 422
        else:
            db.session.commit()
            said = ngettext("%(num)d conflict is accepted.", "%(num)d conflicts are accepted.", len(rows))
            flash(f"{said} {_('Each comes back when something about it changes.')}", "success")
            return redirect(url_for(".index"), 303)
    return render_template(
        "desk/conflicts/group.html", centre=desk.slots[uid], members=members, form=form,
        ticked=set(ticked) if request.method == "POST" else {each.fingerprint for each in members},
        stands=_stands([desk.slots[uid]]), groups=grouped(members), **_words(),
    ), (422 if form.errors else status)  # fmt: skip


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
    return render_template("desk/conflicts/_panel.html", **in_panel(request.args.get("day", "")[:10]))


def in_panel(day: str) -> dict[str, object]:
    """What the fragment shows: of a day, or of all if that is empty."""
    findings = [each for each in the_desk().all_findings() if each.accepted is None]
    if day:
        findings = [each for each in findings if day in {other.isoformat() for other in each.days}]
    groups = grouped(each for each in findings if each.severity is not Severity.HINT)
    return {
        "groups": groups[:_IN_PANEL],
        "more": sum(len(each.findings) for each in groups[_IN_PANEL:]),
        "counts": Counter(each.severity for each in findings),
        **_words(),
    }


def slot_of(desk: Desk, number: str | None) -> Slot:
    """An entry of this draft by the id of its placement; 404 where there is none."""
    return next((each for each in desk.slots.values() if str(each.number) == number), None) or abort(404)
