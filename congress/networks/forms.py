"""Forms about networks and cities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, ValidationError

from congress.core.day_fields import DayField
from congress.core.forms import BaseForm, FileField, LineField, MailField, Needed, NumberField, TextField
from congress.core.localised import Localised
from congress.core.localised_forms import LocalisedForm, spread
from congress.core.point_fields import PointField
from congress.core.text import first_upper
from congress.core.web_addresses import web_address
from congress.networks.members import CityFacts, MemberFacts
from congress.networks.models import City, Membership
from congress.networks.vocabulary import CITY_KIND_LABELS, FIELD_LABELS, LEVEL_LABELS, CityKind, Field, Level, Precision

_SINCE = re.compile(r"(>?)\s*(\d{4})(?:-(\d{2})-(\d{2}))?", re.ASCII)


class ContactForm(BaseForm):
    """One of the standing contacts of a city."""

    was = HiddenField()  # stands for what is known
    title = LineField(_("Title"), most=40)
    given_name = LineField(_("First name"), most=100)
    family_name = LineField(_("Family name"), most=100)
    function = LineField(_("Function"), most=200)
    institution = LineField(_("Institution"), most=200)
    email = MailField(_("E-mail address"))
    phone = LineField(_("Phone"), most=60)
    address = LineField(_("Postal address"), most=300)
    language = SelectField(_("Language of the e-mails"))
    may_be_shown = BooleanField(_("May be shown on the city’s public page"))

    def offer(self, languages: Mapping[str, str]) -> None:
        """The languages in which mails are written, by code."""
        self.language.choices = list(languages.items())

    @property
    def cleaned(self) -> dict[str, Any]:
        """What was typed, by the names of the fields; a field left out is empty."""
        return {name: "" if value is None else value for name, value in self.data.items() if name != "was"}


class ContactsFileForm(BaseForm):
    """A file of contacts."""

    file = FileField(
        _("CSV or XLSX file"),
        description=_(
            "With the columns city, kind (mayor, representative, main, alternate) and email; also title, given_name, "
            "family_name, function, institution, address, phone, language (en, pl) and may_be_shown, if you have them."
        ),
        render_kw={"accept": ".csv,.xlsx,text/csv"},
    )


class NetworkForm(LocalisedForm):
    """What everybody reads of a network."""

    short_name = LineField(_("Short name"), [Needed(_("Write the short name."))], most=40)
    name_en = LineField(_("Name in English"), [Needed(_("Write the name in English."))], most=200)
    name_pl = LineField(_("Name in Polish"), [Needed(_("Write the name in Polish."))], most=200)
    description_en = TextField(_("Description in English"), most=2000)
    description_pl = TextField(_("Description in Polish"), most=2000)
    website = LineField(_("Website"), most=200)
    known_on = DayField(
        _("Members known up to"),
        description=_("The last day that what stands here of the members covers: numbers are given for it. Empty: up to date."),
    )

    def validate_website(self, field: LineField) -> None:
        if field.data and web_address(field.data) is None:
            raise ValidationError(gettext("Write the whole address, such as https://city.example."))


class CityForm(LocalisedForm):
    """What is known of a city."""

    name_en = LineField(_("Name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Name in Polish"), most=80)
    kind = SelectField(_("What it is"))
    country = SelectField(_("Country"), [Needed(_("Choose the country."))], render_kw={"data-searchable": ""})
    point = PointField(
        _("Point on the map"),
        description=_(
            "Latitude and longitude as maps give them, such as 50.04783, 19.93144. Leave it empty if you do not know it."
        ),
    )
    population = NumberField(_("Inhabitants"), greatest=100_000_000)

    def offer_countries(self, countries: Mapping[str, str]) -> None:
        """Hand in the countries by code."""
        self.kind.choices = [(kind.value, first_upper(str(name))) for kind, name in CITY_KIND_LABELS.items()]
        self.country.choices = list(countries.items())

    def city_facts(self, names: Localised | None = None) -> CityFacts:
        """What was entered; names in other languages (``names``) stay."""
        return CityFacts(
            names=self.texts("name", names), kind=CityKind(self.kind.data), country=self.country.data, point=self.point.data,
            population=self.population.data,
        )  # fmt: skip


class MemberForm(BaseForm):
    """How a city belongs to a network."""

    level = SelectField(_("How it belongs"))
    national_network = LineField(_("National network"), most=80, description=_("Through which it belongs, if it does."))
    took_index = BooleanField(_("Has taken the index"))
    since = LineField(
        _("Since"), most=12, description=_("A year, 2014, or a day, 2014-12-01. Only known to be after a year: >2010.")
    )
    until = DayField(_("Until"), description=_("The first day on which it no longer belongs. Empty: it still does."))
    field = SelectField(_("Creative field"))
    field_since = LineField(
        _("In this field since"), most=12,
        description=_("A year or a day. With a later one than that of the field before, that one ends there; so a field is changed or given up."),
    )  # fmt: skip

    def offer(self) -> None:
        """Hand in the choices."""
        self.level.choices = [(each.value, first_upper(str(name))) for each, name in LEVEL_LABELS.items()]
        self.field.choices = [("", gettext("none")), *((each.value, str(name)) for each, name in FIELD_LABELS.items())]

    def validate_since(self, field: LineField) -> None:
        _since(field.data)

    def validate_field_since(self, field: LineField) -> None:
        _since(field.data)

    def member_facts(self) -> MemberFacts:
        """What was entered."""
        (since, precision), (field_since, _precision) = _since(self.since.data), _since(self.field_since.data)
        return MemberFacts(
            level=Level(self.level.data), national_network=self.national_network.data or "", took_index=self.took_index.data,
            since=since, precision=precision, until=self.until.data, field=Field(self.field.data) if self.field.data else None,
            field_since=field_since,
        )  # fmt: skip


class NewMemberForm(CityForm, MemberForm):
    """A city and how it belongs to a network."""


def _since(typed: str | None) -> tuple[date | None, Precision]:
    """A year or a day as people write it. Raises ValidationError."""
    if not typed:
        return None, Precision.YEAR
    found = _SINCE.fullmatch(typed)
    try:
        if found is None or not 1900 <= int(found[2]) <= 2199 or (found[1] and found[3]):
            raise ValueError
        if found[3]:
            return date(int(found[2]), int(found[3]), int(found[4])), Precision.DAY
    except ValueError:
        raise ValidationError(gettext("Write a year such as 2014, or a day such as 2014-12-01.")) from None
    return (date(int(found[2]) + 1, 1, 1), Precision.AFTER) if found[1] else (date(int(found[2]), 1, 1), Precision.YEAR)


def written_since(since: date | None, precision: Precision = Precision.YEAR) -> str:
    """The inverse of what is typed for since when."""
    if since is None:
        return ""
    is_whole = (since.month, since.day) == (1, 1)
    if precision is Precision.AFTER and is_whole:
        return f">{since.year - 1}"
    return str(since.year) if precision is Precision.YEAR and is_whole else since.isoformat()


def shown_city(city: City) -> dict[str, Any]:
    """What the form shows of a city."""
    is_placed = city.latitude is not None and city.longitude is not None
    return {
        **spread("name", city.names), "kind": city.kind.value, "country": city.country_code,
        "point": (city.latitude, city.longitude) if is_placed else None, "population": city.population,
    }  # fmt: skip


def shown_member(membership: Membership) -> dict[str, Any]:
    """What the form shows of a membership."""
    current = next((each for each in membership.designations if each.until is None), None)
    return {
        "level": membership.level.value, "national_network": membership.national_network, "took_index": membership.took_index,
        "since": written_since(membership.since, membership.since_precision), "until": membership.until,
        "field": current.field.value if current else "", "field_since": written_since(current.since) if current else "",
    }  # fmt: skip
