"""Text as people write it: cleaning, comparing without diacritics, sorting as a dictionary does."""

import re
import unicodedata

# Invisible marks that reorder text (Unicode UAX #9). They come along with pasted names and could make one name look like another.
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)  # control characters but for tabs and line ends; halves of pairs
_WHITE = re.compile(r"[ \t\r\n\u00a0\u2028\u2029]+")
_POLISH_QUOTES, _ENGLISH_QUOTES = re.compile("„([^„”]*)(?:”|$)"), re.compile("“([^“”]*)(?:”|$)")  # cut titles end within them
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")

# Letters that Unicode does not take apart into a base and a mark.
_FOLDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ħ": "h", "ŧ": "t"}
)
# What follows the plain letter in a text to sort by: signs after all letters, so that every l comes before every ł, and ź before ż.
# Letters of other languages count as their plain ones, as their dictionaries have it (German, French) or as their readers find them.
_AFTER_PLAIN: dict[str, dict[str, str]] = {
    "pl": {"ź": "z}", **{letter: f"{plain}~" for letter, plain in zip("ąćęłńóśż", "acelnosz", strict=True)}},
    "es": {"ñ": "n~"},
    "sv": {"å": "z{", "ä": "z|", "ö": "z}"},
    "fi": {"å": "z{", "ä": "z|", "ö": "z}"},
    "da": {"æ": "z{", "ø": "z|", "å": "z}"},
    "nb": {"æ": "z{", "ø": "z|", "å": "z}"},
    "cs": {"č": "c~", "ch": "h~", "ř": "r~", "š": "s~", "ž": "z~"},
}


class UnprintableText(ValueError):
    """The text holds control characters."""


def clean_line(text: str) -> str:
    """One line in NFC with single spaces and without invisible direction marks.

    Raises UnprintableText when control characters (other than white space) are in it.
    """
    return _WHITE.sub(" ", _printable(text)).strip()


def clean_text(text: str) -> str:
    """Several lines in NFC; line ends become ``\\n``. Raises UnprintableText as clean_line does."""
    return _LINE_ENDS.sub("\n", _printable(text)).strip()


def _printable(text: str) -> str:
    text = unicodedata.normalize("NFC", _BIDI_CONTROLS.sub("", text))
    if _UNPRINTABLE.search(text):
        raise UnprintableText
    return text


def first_upper(text: str) -> str:
    """The text with a capital, for words that stand alone."""
    return text[:1].upper() + text[1:]


def in_quotes(text: str) -> str:
    """A title as it stands between quotation marks: its own are those of the second rank, «…» within „…” and ‘…’ within “…”."""
    return _ENGLISH_QUOTES.sub(r"‘\1’", _POLISH_QUOTES.sub(r"«\1»", text))


def fold(text: str) -> str:
    """Lower case without diacritics, for searching and comparing: ``fold("Łódź") == "lodz"``."""
    # Taken apart before it is lowered, since some signs have capitals inside (№, ™), and after it (İ).
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_FOLDED)
    return " ".join("".join(sign for sign in lowered if not unicodedata.combining(sign)).split())


def slugify(text: str) -> str:
    """Lower-case ASCII words with hyphens, at most 80 signs, for addresses: ``slugify("João Pessoa") == "joao-pessoa"``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:80].rstrip("-")


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Key for sorting names as a dictionary of this language does: in Polish ``l`` < ``ł`` < ``m``; marks without a place are ignored."""
    return sort_text(text, language), text


def sort_text(text: str, language: str = "pl") -> str:
    """A text to sort by sign by sign, in a database too: letters of the language after their plain ones, of others their base."""
    lowered = unicodedata.normalize("NFC", text.casefold())
    for letter, instead in _AFTER_PLAIN.get(language, {}).items():
        lowered = lowered.replace(letter, instead)
    return fold(lowered)
