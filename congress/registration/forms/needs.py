"""The pages of needs and of consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from congress.core.forms import BaseForm, LineField, Needed, TextField
from congress.core.text import first_upper
from congress.registration.form.words import AID_LABELS, DIET_LABELS
from congress.registration.forms.fields import ManyField
from congress.registration.vocabulary import ConsentKind


class NeedsForm(BaseForm):
    """Diet, access, companion, emergency contact: everything may be left empty."""

    diets = ManyField(_("Diet"))
    allergies = TextField(
        _("Allergies"), most=500, description=_("Write what the kitchen must know, also if it is none of the diets above.")
    )
    access = ManyField(_("Access"))
    access_note = TextField(
        _("What else helps you to take part"), most=1000, description=_("For example steps you cannot climb, or a guide dog.")
    )
    companion_name = LineField(
        _("Name of the person who accompanies you"), most=200,
        description=_("Only for the social programme: companions have no access to sessions."),
    )  # fmt: skip
    companion_diet = LineField(_("Diet of that person"), most=200)
    emergency_name = LineField(
        _("Whom we call in an emergency"), most=200, description=_("Optional. Somebody at home or in the delegation.")
    )
    emergency_phone = LineField(
        _("Phone of that person"), most=60, description=_("With the country code, such as +48."), render_kw={"inputmode": "tel"}
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.emergency_name.data and not self.emergency_phone.data:
            self.add_error("emergency_phone", str(_("Write the phone number as well: without it we cannot call.")))
            valid = False
        return valid

    def offer(self) -> None:
        """The words of the boxes, in the reader's language; they stand alone, so they begin with a capital."""
        for ticked, labels in ((self.diets, DIET_LABELS), (self.access, AID_LABELS)):
            ticked.choices = [(each.value, first_upper(str(label))) for each, label in labels.items()]

    def leave_out_companions(self) -> None:
        """Where nobody is accompanied."""
        del self.companion_name, self.companion_diet


class ConsentsForm(BaseForm):
    """Each consent on its own; ``say`` hands in the words, so that exactly what is kept is what is read."""

    consent_privacy = BooleanField(validators=[Needed(_("Without this consent we cannot take your registration."))])
    consent_participant_list = BooleanField()
    consent_participant_list_public = BooleanField()
    consent_photos = BooleanField()
    consent_hotel = BooleanField()
    consent_newsletter = BooleanField()

    def say(self, texts: Mapping[ConsentKind, str]) -> None:
        """The words of each consent."""
        for kind, words in texts.items():
            self[f"consent_{kind.value}"].label.text = words

    @property
    def given(self) -> frozenset[ConsentKind]:
        """What was agreed to."""
        return frozenset(kind for kind in ConsentKind if self[f"consent_{kind.value}"].data)
