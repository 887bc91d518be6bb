"""A study visit or a seminar is called what it is, in every sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from congress.congresses.models import CongressKind
from congress.core.languages import OWN_CATALOGUES
from congress.web import kinds

WORDINGS = {(kind, language): wording for kind, language, wording in kinds._read(OWN_CATALOGUES)}
KINDS = [each.value for each in CongressKind if each is not CongressKind.CONGRESS]
# Of one congress; more than one are congresses in general.
SINGULAR = {
    "en": re.compile(r"(?<![\w({-])congress(?![\w-])", re.IGNORECASE),
    "pl": re.compile(r"(?<!\w)kongres(?:u|owi|em|ie)?(?![\w-])", re.IGNORECASE),
}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w+\}")


def sentences() -> list[tuple[str, str, str]]:
    """Every message of the code, with its language and each of the sentences that say it."""
    with (OWN_CATALOGUES / "pl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        found = []
        for message in read_po(file):
            if message.id:
                said = [message.id] if isinstance(message.id, str) else list(message.id)
                polish = [message.string] if isinstance(message.string, str) else list(message.string)
                found += [("en", said[0], each) for each in said] + [("pl", said[0], each) for each in polish]
        return found


ALL = sentences()


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_of_another_kind_speaks_of_a_congress(kind: str):
    """But those about congresses in general, the name of the site and the commands. Placeholders stay as they are."""
    left, broken = set(), []
    for language, message, sentence in ALL:
        said = WORDINGS[kind, language].of(message, sentence)
        if SINGULAR[language].search(said):
            left.add(message)
        if sorted(PLACEHOLDER.findall(said)) != sorted(PLACEHOLDER.findall(sentence)):
            broken.append(said)
    general = (
        "congress import-", "congress create-", "congress purge", "any congress", "no congress", "No congress yet", "a congress to come", "congress concerned",
        "Roles count in their own congress", "What you may do at a congress", "has no role in a congress",
    )  # fmt: skip
    wrong = {each for each in left if each not in {"congress", "Congress"} and not any(part in each for part in general)}
    assert (broken, wrong, len(left) > 5) == ([], set(), True)


@pytest.mark.parametrize(
    ("kind", "language", "message", "sentence", "said"),
    [
        ("study_visit", "pl", "", "Witamy na kongresie.", "Witamy na wizycie studyjnej."),
        ("study_visit", "pl", "", "Rola na kongresie", "Rola podczas wizyty studyjnej"),
        ("study_visit", "pl", "", "Ten kongres: %(congress)s", "Ta wizyta studyjna: %(congress)s"),
        ("seminar", "pl", "", "Do końca tego kongresu", "Do końca tego seminarium"),
        ("expert_meeting", "pl", "", "zdjęcia z kongresu", "zdjęcia ze spotkania"),
        ("expert_meeting", "en", "", "{congress}: the congress, a Delegate", "{congress}: the meeting, a Participant"),
        ("subnetwork_meeting", "en", "", "Delegates of the congress", "Delegates of the meeting"),
        ("study_visit", "en", "", "Run “congress purge” for the congress", "Run “congress purge” for the study visit"),
        ("study_visit", "en", "congress", "congress", "congress"),
        ("study_visit", "pl", "I am a delegate", "Dla delegacji", "Dla uczestników"),
    ],
)
def test_words_are_put_in_whatever_their_case(kind: str, language: str, message: str, sentence: str, said: str):
    assert WORDINGS[kind, language].of(message, sentence) == said


def test_a_language_of_operators_brings_its_own_words(tmp_path: Path):
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "kinds.toml").write_text('[seminar]\nwords = { "du congrès" = "du séminaire" }\n', "utf-8")
    [(kind, language, wording)] = kinds._read(tmp_path)
    assert (kind, language, wording.of("", "les jours du congrès")) == ("seminar", "fr", "les jours du séminaire")
