"""Every sentence that readers see is in Polish, and the catalogue holds nothing else.

After a sentence was added or changed, this brings the catalogue up to date; new entries stand in it empty, to be translated:

    pybabel extract -F congress/translations/babel.cfg -k lazy_gettext --ignore-dirs ".*" --no-location --sort-output --no-wrap -o messages.pot . && pybabel update -i messages.pot -d congress/translations --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date && pybabel compile -d congress/translations; rm messages.pot

``--ignore-dirs`` is needed because Babel otherwise leaves out folders whose name begins with an underscore (templates/_partials).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from babel.support import Translations

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "congress/translations"
POLISH = FOLDER / "pl/LC_MESSAGES"
DOMAINS = ["messages", "flask_security"]  # our own sentences, and those of Flask-Security that our pages can show

Key = tuple[str, ...]  # the sentence, or its singular and plural


def key(message_id: str | tuple[str, ...] | list[str]) -> Key:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


@cache
def sources() -> frozenset[Key]:
    """The sentences of the code and the templates."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
    found = set()
    for top in ("congress", "templates"):
        prefixed = [(pattern.removeprefix(f"{top}/"), how) for pattern, how in methods if pattern.startswith(f"{top}/")]
        own = {pattern.removeprefix(f"{top}/"): option for pattern, option in options.items()}
        for _file, _line, sentence, _comments, _context in extract_from_dir(
            str(ROOT / top), prefixed, own, keywords, directory_filter=lambda folder: not Path(folder).name.startswith(".")
        ):
            found.add(key(sentence))
    return frozenset(found)


@cache
def catalogue(domain: str = "messages") -> Catalog:
    with (POLISH / f"{domain}.po").open("rb") as readable:
        return read_po(readable, locale="pl", domain=domain)


def messages(domain: str) -> list[Message]:
    return [message for message in catalogue(domain) if message.id]


def forms(message: Message) -> Key:
    return key(message.string)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[a-z]|%%", text))


def test_sources_are_found() -> None:
    """In Python, in templates, in plurals and in folders that Babel skips by itself."""
    assert len(sources()) > 300
    assert ("Registration is closed.",) in sources()
    assert ("%(num)d city", "%(num)d cities") in sources()
    partials = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates/_partials").glob("*.html"))
    assert {(each,) for each in re.findall(r'[^\w]_\("([^"]+)"\)', partials)} <= sources()


def test_catalogue_holds_just_the_sentences_of_the_sources() -> None:
    held = {key(message.id) for message in messages("messages")}
    assert sorted(sources() - held) == [], "not in the catalogue: see the first lines of this file"
    assert sorted(held - sources()) == [], "no longer in the sources: see the first lines of this file"


@pytest.mark.parametrize("domain", DOMAINS)
def test_all_is_translated_and_nothing_waits_for_a_decision(domain: str) -> None:
    assert [message.id for message in messages(domain) if not all(forms(message))] == []
    assert [message.id for message in messages(domain) if message.fuzzy] == []
    assert not catalogue(domain).fuzzy
    assert list(catalogue(domain).obsolete) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_plurals_have_three_forms(domain: str) -> None:
    polish = catalogue(domain)
    assert polish.num_plurals == 3
    assert polish.plural_expr == "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
    assert [message.id for message in messages(domain) if message.pluralizable and len(forms(message)) != 3] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_are_those_of_the_source(domain: str) -> None:
    """The form for one may leave its number out where English does: in Polish it is for 1 alone."""
    wrong = [
        (message.id, form)
        for message in messages(domain)
        for place, form in enumerate(forms(message))
        if placeholders(form) not in [placeholders(each) for each in (key(message.id) if place == 0 else key(message.id)[-1:])]
    ]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize(
    "unwanted",
    [
        "pomyślnie",
        "!",
        '"',
        "'",
        "“",  # opens a quotation in English only
        "  ",
    ],
)
def test_polish_has_nothing_that_an_editor_would_strike_out(domain: str, unwanted: str) -> None:
    assert [form for message in messages(domain) for form in forms(message) if unwanted in form.lower()] == []


# How a term of the field is called in Polish; a sentence with the term (left) has to have one of the words (right).
TERMS = {
    r"waiting lists?": r"list\w+ rezerwow|na liście rezerwowej|oczekują|czeka",
    r"host cit(?:y|ies)": r"miast\w* gospodar|gospodarz",
    r"member cit(?:y|ies)": r"miast\w* członkowsk",
    r"candidate cit(?:y|ies)": r"miast\w* kandydując",
    r"[Ff]ocal point": r"koordynator",
    r"media arts|Media Arts": r"sztuka mediów",
    r"\bcreative fields?": r"dziedzin",
    r"[Pp]lenary": r"plenarn",
    r"invitation letter|letter of invitation": r"list\w* zapraszając",
    r"[Hh]earing loop": r"pętl\w* indukcyjn",
    r"[Ss]imultaneous interpretation": r"tłumaczeni\w* symultaniczn",
    r"[Ww]orking languages?": r"język\w* robocz",
    r"[Ss]teering Group": r"Grup\w+ Sterując",
    r"[Cc]ompanions?\b": r"os[oó]b\w* towarzysząc|towarzysz",
    r"[Nn]ewsletter": r"biuletyn",
    r"[Cc]onflicts?\b": r"kolizj",
    r"the draft\b": r"robocz|szkic",
}


@pytest.mark.parametrize(("term", "polish"), TERMS.items())
def test_terms_of_the_field_are_called_alike_everywhere(term: str, polish: str) -> None:
    otherwise = [
        form
        for message in messages("messages")
        if re.search(term, key(message.id)[-1])
        for form in forms(message)
        if form and not re.search(polish, form, re.IGNORECASE)
    ]
    assert otherwise == []


@pytest.mark.parametrize(
    "unwanted",
    [
        r"\b[Pp]roszę\b",  # the organisers speak: prosimy
        r"\b(?:[Ww]pisz|[Pp]odaj|[Kk]liknij|[Mm]ożesz|[Mm]asz|[Cc]hcesz|[Tt]woj\w*|[Tt]wój)\b",  # Państwo, not ty
        r"\b(?:zarejestrował|zgłosił|potwierdził|odwołał|wypełnił|otrzymał|dodał|usunął|zmienił|wybrał) (?:się|Pan|swój|swoje)\b",
        r"%\(city\)s(?:ie|u|em|owi)\b|\b(?:w|we|do|z|ze) (?:mieście )?%\(city\)s",  # names are not inflected
        r"konflikt|newsletter|dziedzin\w* twórcz|sztuk\w* wizualn",  # kolizja, biuletyn, kreatywna, sztuka mediów
    ],
)
def test_polish_speaks_to_readers_as_an_office_does(unwanted: str) -> None:
    assert [form for message in messages("messages") for form in forms(message) if re.search(unwanted, form)] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_polish_ends_as_its_source_ends(domain: str) -> None:
    """A sentence stays a sentence, and a label a label."""

    def end(text: str) -> str:
        return text[-1] if text[-1] in ".:,?… " else ""

    differing = [
        (message.id, form)
        for message in messages(domain)
        for form in forms(message)
        if end(form) != end(key(message.id)[0]) and not form.endswith((" r.", "%(moment)s"))  # a date brings its own full stop
    ]
    assert differing == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_compiled_catalogue_is_what_the_readable_one_says(domain: str) -> None:
    compiled = POLISH / f"{domain}.mo"
    assert compiled.exists(), "python static/build.py compiles it"
    with compiled.open("rb") as file:
        translations = Translations(file, domain=domain)
    for message in messages(domain):
        if message.pluralizable:
            one, many = message.id
            assert tuple(translations.ungettext(one, many, n) for n in (1, 2, 5)) == forms(message)
            assert [translations.ungettext(one, many, n) for n in (0, 12, 22, 101, 104)] == [
                forms(message)[form] for form in (2, 2, 1, 2, 1)
            ]
        else:
            assert translations.ugettext(message.id) == message.string


def test_sentences_of_flask_security_are_still_worded_so() -> None:
    """A new version of it that says something otherwise would show English."""
    with Path(str(files("flask_security") / "translations/flask_security.pot")).open("rb") as template:
        said = {message.id for message in read_po(template)}
    translated = {message.id for message in messages("flask_security")}
    assert sorted(translated - said) == []
