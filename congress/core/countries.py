"""Countries and territories by ISO 3166-1 code, named as CLDR names them."""

from __future__ import annotations

from functools import cache

from babel import Locale

from congress.core.text import sort_key

# What CLDR lists beside ISO 3166-1: groups of countries, islands with reserved codes, codes for tests.
_NOT_OF_ISO = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


@cache
def countries(language: str) -> dict[str, str]:
    """Names by code in the order of the language's dictionary; Kosovo is there under XK, as passports and CLDR have it."""
    names = Locale.parse(language).territories
    known = ((code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NOT_OF_ISO)
    return dict(sorted(known, key=lambda each: sort_key(each[1], language)))
