"""The shape of a role that is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from congress.accounts.rules import Held, RoleKind
from congress.core.clock import now
from congress.core.day_fields import DayField
from congress.core.forms import BaseForm, MailField, Needed

ROLE_LABELS = {
    RoleKind.SITE: _("Administrator of the site"),
    RoleKind.ORGANISER: _("Organiser"),
    RoleKind.REGISTRATION_DESK: _("Registration desk"),
    RoleKind.CHECK_IN: _("Check-in at the doors"),
    RoleKind.PROGRAMME_READER: _("Reader of day sheets (technicians, interpreters)"),
    RoleKind.FIELD_COORDINATOR: _("Coordinator or deputy of a field"),
    RoleKind.DATA_PROTECTION: _("Data protection officer"),
    RoleKind.SECRETARIAT: _("Secretariat of the network"),
}
EVERYWHERE = frozenset({RoleKind.SITE, RoleKind.SECRETARIAT})  # given at the command line only


class RoleForm(BaseForm):
    """Who is to do what. Fields and cities are handed in."""

    email = MailField(
        _("E-mail address of the account"), [Needed(_("Write the address with which the person signs in."))],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    kind = SelectField(_("Role"), validate_choice=False)
    field = SelectField(_("Field"), validate_choice=False, default="", description=_("Only for coordinators and deputies."))
    city = SelectField(
        _("Venues"),
        validate_choice=False,
        default="",
        description=_("Only for organisers: both teams write in the whole programme, each changes its own venues and rooms."),
    )
    starts_on = DayField(_("First day"), description=_("Empty: from today."))
    last_day = DayField(_("Last day"), description=_("Empty: until somebody ends it."))

    def offer(self, *, fields: Mapping[str, str], cities: Mapping[str, str]) -> None:
        """Hand in names by value; without fields there are no coordinators of one."""
        without = EVERYWHERE if fields else {*EVERYWHERE, RoleKind.FIELD_COORDINATOR}
        self.kind.choices = [(kind.value, str(label)) for kind, label in ROLE_LABELS.items() if kind not in without]
        self.field.choices = [("", "–"), *fields.items()]
        self.city.choices = [("", gettext("of all host cities")), *cities.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        for name in ("kind", "field", "city"):
            if self[name].data not in dict(self[name].choices or ()):
                self.add_error(name, gettext("Choose one of the possibilities in the list."))
                valid = False
        first, last = self.starts_on.data, self.last_day.data
        if last is not None and last < (first or now().date()):
            self.add_error("last_day", gettext("The last day is before the first one."))
            valid = False
        if self.kind.data == RoleKind.FIELD_COORDINATOR and not self.field.data and not self.field.errors:
            self.add_error("field", gettext("Choose the field that the coordinator looks after."))
            valid = False
        return valid

    @property
    def ends_on(self) -> date | None:
        """The first day without the role."""
        last = self.last_day.data
        return last + timedelta(days=1) if last is not None else None

    def wanted(self, congress_id: int) -> Held:
        """The role; what does not belong to its kind is left out."""
        kind = RoleKind(self.kind.data)
        field = self.field.data if kind is RoleKind.FIELD_COORDINATOR else ""
        return Held(kind, congress_id, field=field, city=self.city.data if kind is RoleKind.ORGANISER else "")
