"""The shape of what a coordinator proposes, and of an organiser's no."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField

from congress.core.forms import BaseForm, LineField, Needed, NumberField, TextField
from congress.core.localised_forms import LocalisedForm, spread
from congress.programme.proposals.content import Values
from congress.programme.vocabulary import PART_LABELS, Part

_MOST_PEOPLE, _SPARE_LINES = 300, 3  # a forum of mayors is one session


class PersonForm(BaseForm):
    """Who speaks, chairs, …: one line of the list. A line without a name is left out."""

    id = HiddenField()
    order = NumberField(_("Order"), least=1, greatest=999)
    part = SelectField(_("Part"), validate_choice=False)
    name = LineField(_("Name, and whom the person speaks for"), most=500)
    minutes = NumberField(_("Minutes"), least=1, greatest=600)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.part.data not in set(Part):
            self.add_error("part", gettext("Choose one of the possibilities in the list."))
            return False
        return valid


class SessionForm(LocalisedForm):
    """A session as its coordinator wants it. ``seen`` names the state that the page showed."""

    seen = HiddenField()
    title_en = LineField(_("Title in English"), [Needed(_("Write the title in English."))], most=300)
    title_pl = LineField(_("Title in Polish"), [Needed(_("Write the title in Polish."))], most=300)
    description_en = TextField(_("Agenda and description in English"), most=8000)
    description_pl = TextField(_("Agenda and description in Polish"), most=8000)
    people = FieldList(FormField(PersonForm), max_entries=_MOST_PEOPLE)
    takes_guests = BooleanField(_("Delegates of other fields may ask for a place as guests"))
    remark = TextField(_("A word to the organisers"), most=1000)

    def offer(self) -> None:
        """Hand in the parts that people can have."""
        for each in self.people:
            each.form.part.choices = [(part.value, str(PART_LABELS[part])) for part in Part]

    def wanted(self, now: Values) -> Values:
        """The values that are proposed, of a session that stands so. What the form does not ask stays."""
        return {
            "titles": dict(self.texts("title", now["titles"])),
            "descriptions": dict(self.texts("description", now["descriptions"])),
            "takes_guests": self.takes_guests.data,
            "contributors": self._people({str(each["id"]): each for each in now["contributors"]}),
        }

    def _people(self, known: dict[str, Values]) -> list[Values]:
        """A city that stands there without a name is no empty line: it stays."""
        cities = {key: each["city"] for key, each in known.items() if "city" in each}
        lines = [each.form for each in self.people if each.form.name.data or each.form.id.data in cities]
        lines.sort(
            key=lambda line: line.order.data or _MOST_PEOPLE * 100
        )  # stable: those without a number stay in their order, last
        found = []
        for line in lines:
            is_known = known.pop(line.id.data, None) is not None  # nobody is two people
            told = {"part": line.part.data, "name": line.name.data or "", "minutes": line.minutes.data}
            city = {} if line.name.data or not is_known else {"city": cities[line.id.data]}
            if is_known or told["name"]:
                found.append({"id": int(line.id.data) if is_known else None, **told, **city})
        return found


def shown(values: Values) -> dict[str, Any]:
    """What the form shows of these values, with some lines to spare."""
    people = [{**each, "order": number} for number, each in enumerate(values["contributors"], 1)]
    spare = [{"id": "", "order": None, "part": Part.SPEAKER.value, "name": "", "minutes": None}] * _SPARE_LINES
    return {
        **spread("title", values["titles"]),
        **spread("description", values["descriptions"]),
        "takes_guests": values["takes_guests"],
        "people": [*people, *spare][:_MOST_PEOPLE],
    }


class RejectForm(BaseForm):
    """Why a proposal is not taken over."""

    reason = TextField(
        _("Reason"), [Needed(_("Write why, so that the coordinator can propose something better."))], most=500,
        description=_("It will be quoted in the e-mail to whoever proposed it."),
    )  # fmt: skip
