"""How heavy each kind of conflict is in a congress, and the form for it and for accepting one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from congress.core.forms import BaseForm, Needed, TextField
from congress.programme.conflicts import ConflictKind, Severity
from congress.programme.planning.labels import KIND_LABELS, SEVERITY_LABELS


class SeveritiesForm(BaseForm):
    """A severity for each kind."""

    version = HiddenField()

    def offer(self) -> None:
        """Hand in the choices."""
        for kind in ConflictKind:
            self[kind.value].choices = [(each.value, str(SEVERITY_LABELS[each])) for each in Severity]

    def wanted(self) -> dict[ConflictKind, Severity]:
        """What was chosen."""
        return {kind: Severity(self[kind.value].data) for kind in ConflictKind}


for _kind in ConflictKind:
    setattr(SeveritiesForm, _kind.value, SelectField(KIND_LABELS[_kind]))


class AcceptForm(BaseForm):
    """Why a conflict is accepted."""

    reason = TextField(
        _("Why it may stay so"),
        [Needed(_("Write why it may stay so. Others will wonder."))],
        most=500,
        description=_("The conflict comes back when something about it changes."),
    )
