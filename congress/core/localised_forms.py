"""Forms with texts in each language of a congress: a field is declared in English and Polish, and made for any others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from flask_babel import lazy_gettext as _
from wtforms.fields.core import UnboundField

from congress.core.forms import BaseForm, Needed
from congress.core.localised import Localised

_DECLARED = ("en", "pl")
# What a field is called in a language without words of its own.
_LABELS: dict[str, Callable[[str], Any]] = {
    "title": lambda name: _("Title (%(language)s)", language=name),
    "description": lambda name: _("Description (%(language)s)", language=name),
    "name": lambda name: _("Name (%(language)s)", language=name),
    "theme": lambda name: _("Theme (%(language)s)", language=name),
    "long_name": lambda name: _("Full name (%(language)s)", language=name),
    "press_office": lambda name: _("Press office (%(language)s)", language=name),
    "photo_terms": lambda name: _("Pictures and recordings (%(language)s)", language=name),
    "directions": lambda name: _("How to get there (%(language)s)", language=name),
    "note": lambda name: _("Note (%(language)s)", language=name),
    "function": lambda name: _("Function (%(language)s)", language=name),
    "biography": lambda name: _("Biography (%(language)s)", language=name),
    "subject": lambda name: _("Subject (%(language)s)", language=name),
    "body": lambda name: _("Text (%(language)s)", language=name),
    "label": lambda name: _("Question (%(language)s)", language=name),
    "help": lambda name: _("Help (%(language)s)", language=name),
}


class LocalisedForm(BaseForm):
    """Declares ``title_en`` and ``title_pl``; ``within`` gives it the fields of the languages of a congress."""

    languages: ClassVar[tuple[str, ...]] = _DECLARED

    @classmethod
    def within(cls, languages: Mapping[str, str]) -> type[Self]:
        """The form in these languages, named by code. What English asks is asked in the first one where there is no English."""
        if tuple(languages) == cls.languages:
            return cls
        changed: dict[str, Any] = {"languages": tuple(languages)}
        needed = "en" if "en" in languages else next(iter(languages))
        for stem in cls._stems():
            english, polish = (getattr(cls, _name(stem, code)) for code in _DECLARED)
            for code, name in languages.items():
                if code not in _DECLARED:
                    changed[_name(stem, code)] = _made(stem, polish, code, name)
            if needed != "en" and _is_needed(english):
                own = changed.get(_name(stem, needed)) or getattr(cls, _name(stem, needed))
                changed[_name(stem, needed)] = own if _is_needed(own) else _asked(own)
            changed |= {_name(stem, code): None for code in _DECLARED if code not in languages}
        return type(cls.__name__, (cls,), changed)

    @classmethod
    def _stems(cls) -> list[str]:
        names = [name for name in dir(cls) if isinstance(getattr(cls, name), UnboundField)]
        return [name.removesuffix("en").removesuffix("_") for name in names if name == "en" or name.endswith("_en")]

    def names(self, stem: str) -> list[tuple[str, str]]:
        """Code and name of the field of each language."""
        return [(code, _name(stem, code)) for code in self.languages]

    def texts(self, stem: str, kept: Mapping[str, str] | None = None) -> Localised:
        """What was written; of ``kept``, texts in languages that the form does not ask for stay."""
        return Localised({**(kept or {}), **{code: self[name].data for code, name in self.names(stem)}})


def spread(stem: str, texts: Mapping[str, str]) -> dict[str, str]:
    """A text in several languages as data of the form's fields."""
    return {_name(stem, code): text for code, text in {**dict.fromkeys(_DECLARED, ""), **texts}.items()}


def _name(stem: str, code: str) -> str:
    return f"{stem}_{code}" if stem else code


def _validators(field: Any) -> list[Any]:
    return list(field.args[1] if len(field.args) > 1 else field.kwargs.get("validators") or [])


def _is_needed(field: Any) -> bool:
    return any(isinstance(each, Needed) for each in _validators(field))


def _made(stem: str, like: Any, code: str, name: str) -> Any:
    """A field for one more language, in the place of the Polish one; it may be left empty."""
    kept = {key: value for key, value in like.kwargs.items() if key not in ("validators", "description", "label")}
    if "lang" in kept.get("render_kw", {}):
        kept["render_kw"] = {**kept["render_kw"], "lang": code}
    made: Any = like.field_class(_LABELS[stem](name) if stem else name, **kept)
    made.creation_counter = like.creation_counter
    return made


def _asked(field: Any) -> Any:
    """The same field, in which something must be written."""
    rest = {key: value for key, value in field.kwargs.items() if key != "validators"}
    asked: Any = field.field_class(field.args[0], [Needed(), *_validators(field)], **rest)
    asked.creation_counter = field.creation_counter
    return asked
