"""The shape of an item: a session of the congress or a public event, with texts in each language of the congress."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField

from congress.core.forms import BaseForm, LineField, Needed, NumberField, TextField
from congress.core.localised import Localised
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme import equipment
from congress.programme.exchange import values as table
from congress.programme.exchange.cells import Unreadable
from congress.programme.forms import WebField
from congress.programme.models import ProgrammeItem, PublicEvent
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS, Audience, Kind, Ticketing

_MOST_PEOPLE, _MOST_MINUTES = 100_000, 1440
_TITLE, _DESCRIPTION = "title_", "description_"
_LISTS = ("languages", "interpretation", "needs")  # written as in tables, with semicolons between
_WORDS: dict[str, tuple[type[Kind] | type[Field] | type[Audience] | type[Ticketing], Mapping[Any, Any]]] = {
    "kind": (Kind, KIND_LABELS),
    "field": (Field, FIELD_LABELS),
    "audience": (Audience, AUDIENCE_LABELS),
    "ticketing": (Ticketing, TICKETING_LABELS),
}
_UTC = ZoneInfo("UTC")  # nothing that is read here is a time
_TITLES = {"en": _("Title in English"), "pl": _("Title in Polish")}
_DESCRIPTIONS = {"en": _("Description in English"), "pl": _("Description in Polish")}


class ItemForm(BaseForm):
    """What is asked of every item. ``version`` and ``since`` say which state of it the page showed."""

    on_page = (
        "code", "title", "description", "kind", "field", "audience", "is_listed", "is_plausible", "languages", "interpretation",
        "organiser", "website", "ticketing",
    )  # fmt: skip
    version = HiddenField()
    since = HiddenField()
    kind = SelectField(_("Kind"), validate_choice=False)
    field = SelectField(_("Creative field"), validate_choice=False)
    audience = SelectField(_("For whom"), validate_choice=False)
    is_listed = BooleanField(_("It appears in the public programme"))
    is_plausible = BooleanField(_("It is filled in from comparable congresses, not from a source"))
    languages = LineField(
        _("Languages"), most=200, description=_("In which people speak: short names with semicolons between, such as en; pl.")
    )
    interpretation = LineField(_("Interpretation into"), most=200, description=_("The same way: en; pl."))
    places = NumberField(
        _("Places for those who take part"), least=1, greatest=_MOST_PEOPLE,
        description=_("Each booking takes one. Empty: there is no limit. It takes effect at once, without a release."),
    )  # fmt: skip
    expected = NumberField(
        _("Expected people"), least=1, greatest=_MOST_PEOPLE, description=_("For the size of the room, where no places are counted.")
    )  # fmt: skip
    needs = LineField(
        _("Equipment needed"), most=1000,
        description=_("As it is written at the rooms, with semicolons between: projector; interpreting booth."),
    )  # fmt: skip
    needs_step_free = BooleanField(_("It needs a room without steps"))
    setup_minutes = NumberField(_("Minutes to set up"), least=0, greatest=_MOST_MINUTES)
    clearing_minutes = NumberField(_("Minutes to clear"), least=0, greatest=_MOST_MINUTES)
    stream_url = WebField(
        _("Live stream"), description=_("For everybody: the address appears on the page of the item and in public calendars.")
    )
    join_url = WebField(
        _("Online room"),
        description=_("For those who take part: the address appears only in their own programme and calendar, never in public."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._fields: dict[str, Any]
        first = {name: each for name, each in self._fields.items() if name == "code" or name.startswith((_TITLE, _DESCRIPTION))}
        self._fields = {**first, **self._fields}  # errors are told in the order of the page
        self._read: dict[str, list[str]] = {}
        for name, (words, labels) in _WORDS.items():
            if name in self:
                chosen = [(word.value, str(labels[word])) for word in words]
                self[name].choices = [("", str(_("none"))), *chosen] if name == "field" else chosen

    def narrow(self, fields: Collection[Field], kinds: Collection[Kind]) -> None:
        """Offer only the fields of this network and the kinds of this congress, and what the item has already."""
        of_fields = {field.value for field in fields} | {self["field"].object_data or ""}
        of_kinds = {kind.value for kind in kinds} | {self["kind"].object_data or ""}
        self["field"].choices = [pair for pair in self["field"].choices if pair[0] in of_fields or not pair[0]]
        self["kind"].choices = [pair for pair in self["kind"].choices if pair[0] in of_kinds]
        if of_fields == {""}:
            del self["field"]
            if self["audience"].object_data != Audience.FIELD:
                self["audience"].choices = [pair for pair in self["audience"].choices if pair[0] != Audience.FIELD]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        super().validate(extra_validators)
        for name in _WORDS:
            if name in self and self[name].data not in dict(self[name].choices):
                self.add_error(name, gettext("Choose one of the possibilities in the list."))
        for name in _LISTS:
            try:
                self._read[name] = list(table.read(name, self[name].data or "", _UTC))
            except Unreadable as problem:
                self.add_error(name, str(problem))
        return not self.errors

    def values(self, item: ProgrammeItem | None) -> dict[str, Any]:
        """The attributes as they were entered; texts in languages that the form does not ask for stay."""
        plain = ("is_listed", "is_plausible", "places", "expected", "needs_step_free")
        found: dict[str, Any] = {name: self[name].data for name in plain}
        found |= self._read
        found |= {name: self[name].data or 0 for name in ("setup_minutes", "clearing_minutes")}
        found |= {name: self[name].data or "" for name in ("stream_url", "join_url")}
        found |= {name: self[name].data or None for name in ("organiser", "website") if name in self}
        for name, (words, _labels) in _WORDS.items():
            if name in self:
                found[name] = words(self[name].data) if self[name].data else None
        for name, start in (("titles", _TITLE), ("descriptions", _DESCRIPTION)):
            typed = {key.removeprefix(start): self[key].data for key in self._fields if key.startswith(start)}
            found[name] = Localised({**(getattr(item, name) if item else {}), **typed})
        return found

    @property
    def titles(self) -> list[str]:
        """The names of the fields of titles, in the order of the congress's languages."""
        return [name for name in self._fields if name.startswith(_TITLE)]

    @property
    def descriptions(self) -> list[str]:
        """The names of the fields of descriptions."""
        return [name for name in self._fields if name.startswith(_DESCRIPTION)]


_OF_EVENTS: dict[str, Callable[[], Any]] = {
    "organiser": lambda: LineField(_("Organiser"), most=200),
    "website": lambda: WebField(_("Website"), most=300),
    "ticketing": lambda: SelectField(_("Admission"), validate_choice=False),
}


def form_for(languages: Mapping[str, str], *, is_event: bool, is_new: bool) -> type[ItemForm]:
    """The form of an item with texts in these languages, named by code; a new one is given its code, a public event what only that has."""
    fields: dict[str, Any] = {}
    if is_new:
        fields["code"] = LineField(
            _("Code"), [Needed(_("Give the item a code."))], most=20,
            description=_("Its address for life, such as P022: letters, digits and hyphens. It cannot be changed later."),
        )  # fmt: skip
    for code, name in languages.items():
        is_first = code == next(iter(languages))
        fields[f"{_TITLE}{code}"] = LineField(
            _TITLES.get(code) or _("Title (%(language)s)", language=name), most=table.LONGEST["title"],
            description=_("One language is needed; what is missing in another is named among the conflicts.") if is_first else "",
        )  # fmt: skip
    for code, name in languages.items():
        label = _DESCRIPTIONS.get(code) or _("Description (%(language)s)", language=name)
        fields[f"{_DESCRIPTION}{code}"] = TextField(label, most=table.LONGEST["description"])
    if is_event:
        fields |= {name: make() for name, make in _OF_EVENTS.items()}
    return cast(type[ItemForm], type("EventForm" if is_event else "SessionForm", (ItemForm,), fields))


def shown(item: ProgrammeItem, languages: Mapping[str, str], since: int) -> dict[str, Any]:
    """What the form shows of an item whose last change has this number."""
    plain = ("is_listed", "is_plausible", "places", "expected", "needs_step_free", "setup_minutes", "clearing_minutes", "stream_url", "join_url")  # fmt: skip
    found: dict[str, Any] = {"version": str(item.version), "since": str(since)}
    found |= {name: getattr(item, name) for name in plain}
    found |= {name: table.written(name, getattr(item, name), _UTC) for name in (*_LISTS, "kind", "field", "audience")}
    found["needs"] = table.written("needs", equipment.all_said(item.needs), _UTC)
    if isinstance(item, PublicEvent):
        found |= {name: table.written(name, getattr(item, name), _UTC) for name in _OF_EVENTS}
    for code in languages:
        found[f"{_TITLE}{code}"] = item.titles.get(code, "")
        found[f"{_DESCRIPTION}{code}"] = item.descriptions.get(code, "")
    return found
