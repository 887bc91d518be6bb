"""The shapes of what a city offers, and of what organisers decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField

from congress.core.forms import BaseForm, Given, LineField, Needed, NumberField, TextField
from congress.core.localised_forms import LocalisedForm, spread
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme.forms import WebField
from congress.programme.offerings.models import Offering
from congress.programme.offerings.services import Words
from congress.programme.vocabulary import OfferingKind

KIND_LABELS = {
    OfferingKind.PROJECT: _("A completed project"),
    OfferingKind.GOOD_PRACTICE: _("A good practice that others can take over"),
}


class OfferingForm(LocalisedForm):
    """What a city would like to present."""

    version = HiddenField()
    kind = RadioField(_("What is it?"), [Needed(_("Say what it is."))])
    title_en = LineField(_("Title in English"), [Needed(_("Write the title in English."))], most=200)
    title_pl = LineField(_("Title in Polish"), most=200)
    description_en = TextField(
        _("What it is about, in English"), [Needed(_("Write in a few sentences what it is about."))], most=2000,
        description=_("What was done, for whom, and what others can learn from it."),
    )  # fmt: skip
    description_pl = TextField(_("What it is about, in Polish"), most=2000)
    field = SelectField(_("Creative field"))
    presenter = LineField(_("Who would present it"), most=200, description=_("For the organisers only; it is not published."))
    minutes = NumberField(_("Minutes"), [Given()], least=1, greatest=60, description=_("How long it takes, with questions."))
    website = WebField(_("More about it on the web"))

    def offer(self, fields: Collection[Field]) -> None:
        """Hand in the fields that the network has; without any there is nothing to choose."""
        self.kind.choices = [(each.value, str(label)) for each, label in KIND_LABELS.items()]
        self.field.choices = [
            ("", _("none in particular")),
            *((each.value, str(label)) for each, label in FIELD_LABELS.items() if each in fields),
        ]

    @property
    def words(self) -> Words:
        return Words(
            kind=OfferingKind(self.kind.data),
            field=Field(self.field.data) if self.field.data else None,
            titles=self.texts("title"),
            descriptions=self.texts("description"),
            presenter=self.presenter.data or "",
            minutes=self.minutes.data or 10,
            website=self.website.data or "",
        )


def shown(offering: Offering) -> dict[str, object]:
    """What the form shows of an offering."""
    return {
        "version": str(offering.version),
        "kind": offering.kind.value,
        **spread("title", offering.titles),
        **spread("description", offering.descriptions),
        "field": offering.field.value if offering.field else "",
        "presenter": offering.presenter,
        "minutes": offering.minutes,
        "website": offering.website,
    }


class ChooseForm(BaseForm):
    """Where it is presented, and for how long."""

    item = SelectField(
        _("Session"), render_kw={"data-searchable": ""}, description=_("It comes last in its order; change the order there.")
    )
    minutes = NumberField(_("Minutes"), [Given()], least=1, greatest=60)

    def offer(self, sessions: Sequence[tuple[str, str]]) -> None:
        """Sessions by their codes."""
        self.item.choices = [("", _("decided later")), *sessions]


class RefusalForm(BaseForm):
    """Why it is not presented; the city reads it."""

    reason = TextField(_("Reason"), [Needed(_("Write the reason: the city reads it."))], most=500)
