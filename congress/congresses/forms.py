"""The shapes of what is asked of a congress: of a new one, and of its settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField

from congress.congresses.models import CONGRESS_KIND_LABELS
from congress.core.day_fields import ClockField, DayField, moment_of
from congress.core.forms import Given, LineField, MailField, Needed, NumberField, TextField
from congress.core.languages import is_language
from congress.core.localised_forms import LocalisedForm
from congress.core.text import first_upper


class FirstDayField(DateField):
    """A date, with a sentence of ours when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This day does not exist. Write it as 2018-06-12.")) from None


class CopyForm(LocalisedForm):
    """How the copy of a congress is called, and when it begins."""

    name_en = LineField(_("Short name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Short name in Polish"), [Needed(_("Write the name in Polish."))], most=80)
    long_name_en = LineField(_("Full name in English"), most=200, description=_("Such as: XIII Annual Meeting of the Network."))
    long_name_pl = LineField(_("Full name in Polish"), most=200)
    slug = LineField(
        _("Part of the address"),
        [Needed(_("Write what is in the address."))],
        most=40,
        description=_("Small letters, digits and hyphens, such as meeting-2019. It stays for life."),
    )
    starts_on = FirstDayField(
        _("First day"),
        [Needed(_("Give the first day."))],
        description=_("Everything moves with it, by whole days; times of day stay."),
    )


_LONGEST_DESCRIPTION = 2000
_ZONES = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class OccasionForm(LocalisedForm):
    """What a congress is called, when and where it is."""

    kind = SelectField(_("What it is"))
    name_en = LineField(_("Short name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Short name in Polish"), [Needed(_("Write the name in Polish."))], most=80)
    long_name_en = LineField(_("Full name in English"), [Needed(_("Write the full name in English."))], most=200)
    long_name_pl = LineField(_("Full name in Polish"), [Needed(_("Write the full name in Polish."))], most=200)
    languages_used = LineField(
        _("Languages"),
        [Needed(_("Name at least one language."))],
        most=100,
        description=_(
            "Codes with commas between, the main language first: en, pl. Texts in a language that is taken out are kept."
        ),
    )
    starts_on = DayField(_("First day"))
    ends_on = DayField(_("Last day"))
    timezone = SelectField(_("Time zone"), validate_choice=False, render_kw={"data-searchable": ""})
    hosts = TextField(
        _("Host cities"),
        [Needed(_("Name at least one host city."))],
        most=500,
        description=_("A line each, in the order in which they are named."),
    )

    def offer(self) -> None:
        """Hand in the choices."""
        for name in ("starts_on", "ends_on"):
            self[name].flags.required = True
        self.kind.choices = [(kind.value, first_upper(str(name))) for kind, name in CONGRESS_KIND_LABELS.items()]
        self.timezone.choices = zones(self.timezone.object_data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid, wrong = bool(super().validate(extra_validators)), self.what_is_wrong()
        for name, sentence in wrong.items():
            if not self[name].errors:
                self.add_error(name, sentence)
        return valid and not wrong

    def what_is_wrong(self) -> dict[str, str]:
        """Sentences by field, of what is wrong only together."""
        wrong = {
            name: gettext("Give the day.")
            for name in ("starts_on", "ends_on")
            if self[name].data is None and not self[name].errors
        }
        if self.starts_on.data and self.ends_on.data and self.ends_on.data < self.starts_on.data:
            wrong["ends_on"] = gettext("The last day is before the first one. Check both.")
        if self.timezone.data not in {name for group in self.timezone.choices.values() for name, _label in group}:
            wrong["timezone"] = gettext("Choose from the list.")
        if not (codes := self.codes) or len(set(codes)) != len(codes) or not all(map(is_language, codes)):
            wrong["languages_used"] = gettext("Write codes of two or three small letters, each once, such as: en, pl, fr.")
        return wrong

    @property
    def codes(self) -> list[str]:
        """The codes of the languages that were written."""
        return [each.strip() for each in (self.languages_used.data or "").split(",") if each.strip()]

    @property
    def lines_of_hosts(self) -> list[str]:
        """The host cities as they were typed, each once."""
        return list(dict.fromkeys(line for line in map(str.strip, (self.hosts.data or "").splitlines()) if line))


class BeginForm(OccasionForm):
    """A new congress of a network."""

    on_page = ("name", "long_name", "slug", "kind", "starts_on", "ends_on", "hosts", "timezone")
    slug = LineField(
        _("Part of the address"),
        [Needed(_("Write what stands in the address."))],
        most=40,
        description=_("Small letters, digits and hyphens, such as meeting-2019. It stays for life."),
    )


class SettingsForm(OccasionForm):
    """All that organisers say of a congress on one page. Times are those of its zone."""

    on_page = (
        "kind", "name", "long_name", "theme", "description", "languages_used", "starts_on", "ends_on", "moves_draft", "timezone", "hosts",
        "travel_minutes", "opens_on", "opens_time", "closes_on", "closes_time", "contact_email", "press_office", "photo_terms",
    )  # fmt: skip
    is_published = BooleanField(
        _("Shown to everybody"),
        description=_(
            "A congress that is not shown to everybody is found only by those who work here: its public pages and calendars are not there."
        ),
    )
    theme_en = LineField(_("Theme in English"), most=200)
    theme_pl = LineField(_("Theme in Polish"), most=200)
    description_en = TextField(_("Text of the first page in English"), most=_LONGEST_DESCRIPTION)
    description_pl = TextField(_("Text of the first page in Polish"), most=_LONGEST_DESCRIPTION)
    press_office_en = TextField(
        _("Press office in English"),
        most=_LONGEST_DESCRIPTION,
        description=_(
            "Whom journalists ask, and how: name, telephone, e-mail. Stands on the page for the press, next to those contacts of the host cities that agreed to be shown."
        ),
    )
    press_office_pl = TextField(_("Press office in Polish"), most=_LONGEST_DESCRIPTION)
    photo_terms_en = TextField(
        _("Pictures and recordings in English"),
        most=_LONGEST_DESCRIPTION,
        description=_(
            "What holds for those who photograph or film, and for the use of your pictures: names, rights, where nobody may."
        ),
    )
    photo_terms_pl = TextField(_("Pictures and recordings in Polish"), most=_LONGEST_DESCRIPTION)
    moves_draft = BooleanField(
        _("Move the draft of the programme with the first day"),
        description=_(
            "If the first day changes, the whole draft moves by as many days. Times of day, deadlines and opening hours stay. Readers see it after the next release."
        ),
    )
    timezone = SelectField(
        _("Time zone"),
        validate_choice=False,
        render_kw={"data-searchable": ""},
        description=_(
            "In another zone the draft and the deadlines keep their times of day; what is released stays until the next release."
        ),
    )
    travel_minutes = NumberField(
        _("Minutes between two host cities"),
        [Given()],
        greatest=24 * 60,
        description=_("From door to door, where nothing is known of the way between two houses."),
    )
    opens_on = DayField(_("Registration opens on"), description=_("Leave it empty as long as nobody is to register."))
    opens_time = ClockField(_("At"))
    closes_on = DayField(
        _("Registration closes on"),
        description=_("The whole day is still open, unless you write a time. Left empty, it closes when the congress ends."),
    )
    closes_time = ClockField(_("At"))
    contact_email = MailField(_("E-mail address for questions"))

    def what_is_wrong(self) -> dict[str, str]:
        """The times of registration, too."""
        wrong, zone = super().what_is_wrong(), ZoneInfo("UTC")
        opens = moment_of(self.opens_on.data, self.opens_time.data, zone)
        closes = moment_of(self.closes_on.data, self.closes_time.data, zone, is_end=True)
        if closes and opens is None:
            wrong["opens_on"] = gettext("It closes, but never opens. Write when it opens.")
        elif opens and closes and closes <= opens:
            wrong["closes_on"] = gettext("It would close before it opens. Check both days.")
        return wrong


def zones(also: str = "") -> dict[str, list[tuple[str, str]]]:
    """The time zones of the world to choose from, by continent; ``also`` one that is there and may be none of them."""
    found: dict[str, list[tuple[str, str]]] = {
        "": [(name, name) for name in dict.fromkeys(("UTC", also)) if name and "/" not in name]
    }
    for name in sorted(available_timezones()):
        continent, _slash, place = name.partition("/")
        if place and continent in _ZONES:
            found.setdefault(continent, []).append((name, place.replace("_", " ")))
    return found
