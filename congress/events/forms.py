"""The shape of sign-ups, of the newsletter's form, and of what organisers set for an item."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Optional

from congress.congresses.models import Congress
from congress.core.forms import BaseForm, LineField, MailField, Needed, NumberField
from congress.events.services import Visitor
from congress.programme import rules
from congress.programme.forms import OurDateField, OurTimeField

LARGEST_NUMBER = 100_000  # of places that anybody would type
_MAIL = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
_CHOOSE = _("Choose one of the possibilities in the list.")


def _check(form: BaseForm, *names: str) -> bool:
    """Whether these lists have one of their entries chosen; the others get an error."""
    wrong = [name for name in names if form[name].data not in dict(form[name].choices or ())]
    for name in wrong:
        form.add_error(name, str(_CHOOSE))
    return not wrong


class PeopleForm(BaseForm):
    """How many come."""

    people = SelectField(_("Number of people, with you"), validate_choice=False)

    def offer(self, most: int) -> None:
        """Hand in how many may come together."""
        self.people.choices = [(str(n), ngettext("%(num)d person", "%(num)d people", n)) for n in range(1, most + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        return bool(super().validate(extra_validators)) and _check(self, "people")


class SignUpForm(BaseForm):
    """Somebody of the public signs up for an event."""

    submission = HiddenField()
    name = LineField(
        _("Your name"), [Needed(_("Write your name."))],
        description=_("For the list at the door."), render_kw={"autocomplete": "name"},
    )  # fmt: skip
    email = MailField(
        _("E-mail address"), [Needed(_("Write your e-mail address."))],
        description=_("The link with which you confirm, change and cancel goes to this address."), render_kw=_MAIL,
    )  # fmt: skip
    people = SelectField(_("Number of people, with you"), validate_choice=False)
    accepts_fewer = BooleanField(_("If there are not enough places for all of us, we would also come with fewer people."))
    language = SelectField(_("Language of our e-mails"), validate_choice=False)

    def offer(self, most: int, languages: dict[str, str]) -> None:
        """Hand in how many may come together, and the languages by code."""
        self.people.choices = [(str(n), ngettext("%(num)d person", "%(num)d people", n)) for n in range(1, most + 1)]
        self.language.choices = list(languages.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        return _check(self, "people", "language") and bool(valid)

    @property
    def visitor(self) -> Visitor:
        """What was filled in; a form without a key counts as sent once."""
        return Visitor(
            submission=(self.submission.data or str(uuid.uuid4()))[:100],
            name=self.name.data or "",
            email=self.email.data or "",
            people=int(self.people.data),
            language=self.language.data,
            accepts_fewer=self.accepts_fewer.data,
        )


class NewsletterForm(BaseForm):
    """Somebody asks for the newsletter."""

    email = MailField(
        _("E-mail address"), [Needed(_("Write your e-mail address."))],
        description=_("We first send you a link; you are on the list once you have confirmed with it."), render_kw=_MAIL,
    )  # fmt: skip
    language = SelectField(_("Language of the newsletter"), validate_choice=False)

    def offer(self, languages: dict[str, str]) -> None:
        """Hand in the languages by code."""
        self.language.choices = list(languages.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        return _check(self, "language") and bool(valid)


class WalkInForm(PeopleForm):
    """Somebody at the door."""

    people = SelectField(_("Number of people"), validate_choice=False)
    name = LineField(_("Name"), [Needed(_("Write a name."))])


class PlacesForm(BaseForm):
    """How many may come to an item, and how they sign up. Times of day are those of the congress's zone."""

    version = HiddenField()
    places = NumberField(
        _("Places for those who take part in the congress"), description=_("Leave it empty if there is no limit."),
        least=1, greatest=LARGEST_NUMBER,
    )  # fmt: skip
    takes_guests = BooleanField(_("Delegates of other fields may ask for a place."))
    takes_sign_ups = BooleanField(_("The public has to sign up."))
    public_places = NumberField(
        _("Places for the public"), description=_("Leave it empty if there is no limit."), least=1, greatest=LARGEST_NUMBER
    )
    most_per_sign_up = NumberField(
        _("People in one sign-up, at most"), [Needed(_("Write how many people may come together."))],
        least=1, greatest=50,
    )  # fmt: skip
    closes_on = OurDateField(
        _("Sign-ups close: day"), [Optional()], description=_("Leave it empty to take sign-ups until the event is over.")
    )
    closes_at = OurTimeField(
        _("Sign-ups close: time"), [Optional()], description=_("Without a time they close at the end of that day.")
    )
    offer_hours = NumberField(
        _("Hours for which a freed place is kept for the next one"),
        description=_("Leave it empty to give freed places at once. Otherwise the next one has to accept in time."),
        least=1, greatest=24 * 60,
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        if self.closes_at.data is not None and self.closes_on.data is None and not self.closes_on.errors:
            self.add_error("closes_on", gettext("Give a day for this time."))
            valid = False
        return bool(valid)

    def closing(self, congress: Congress) -> tuple[bool, datetime | None]:
        """Whether the time exists, with the instant at which sign-ups close; otherwise an error is on the field."""
        day, clock = self.closes_on.data, self.closes_at.data
        if day is None:
            return True, None
        hour, minute = (clock.hour, clock.minute) if clock else (23, 59)
        instant = rules.local_instant(day, hour, minute, congress.zone)
        if instant is None:
            self.add_error("closes_at", gettext("This time does not exist on that day: the clocks go forward."))
        return instant is not None, instant
