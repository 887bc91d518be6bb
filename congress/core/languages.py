"""The languages that the program speaks: English, in which it is written, and each of which there is a catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from babel import Locale, UnknownLocaleError, localedata

from congress.core.text import first_upper

OWN_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
# Dates and numbers follow Britain: the sources' English is British.
_LOCALES = {"en": "en_GB"}


def locale_of(language: str) -> str:
    """The locale of a language: of its dates, numbers and catalogue."""
    return _LOCALES.get(language, language)


def is_language(code: object) -> bool:
    """Whether texts may be written in it: a code of two or three letters that the CLDR knows, such as ``fr``."""
    return isinstance(code, str) and 2 <= len(code) <= 3 and code.islower() and localedata.exists(code)


def name_of(language: str) -> str:
    """What a language calls itself; the code of one that nobody knows."""
    try:
        name = Locale.parse(language).get_display_name(language)
    except (ValueError, UnknownLocaleError):
        name = None
    return first_upper(name) if name else language


def spoken(*folders: Path) -> dict[str, str]:
    """English and the languages with a compiled catalogue in these folders, by code, with their own names."""
    found = {path.parent.parent.name for folder in folders for path in folder.glob("*/LC_MESSAGES/messages.mo")}
    return {code: name_of(code) for code in ["en", *sorted(found - {"en"})] if is_language(code)}


# What a catalogue beside our own adds is put in by create_app.
LANGUAGES = spoken(OWN_CATALOGUES)


def named(languages: Iterable[str]) -> dict[str, str]:
    """These languages by code, whether the program speaks them or only texts are written in them."""
    return {code: LANGUAGES.get(code) or name_of(code) for code in languages}


def of_readers(languages: Iterable[str]) -> dict[str, str]:
    """Those of these languages in which mails and pages can be had, by code; English if it is none of them."""
    return {code: LANGUAGES[code] for code in languages if code in LANGUAGES} or {"en": LANGUAGES["en"]}
