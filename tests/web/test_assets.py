"""Our scripts and who loads them; our sheets and what their rules are for."""

from __future__ import annotations

import re

import pytest

from congress import SITE
from congress.web import assets, sheets
from congress.web.assets import SCRIPTS
from congress.web.modules import joined


def test_scripts_are_loaded_where_the_list_says():
    found: dict[str, set[str]] = {}
    for template in (SITE / "templates").rglob("*.html"):
        for name in re.findall(r"filename='js/([^']+)'", template.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(template.relative_to(SITE / "templates").as_posix())

    assert found == {name: set(templates) for name, templates in SCRIPTS.items()}
    assert {path.name for path in (SITE / "static/js").glob("*.js")} == set(SCRIPTS)


FILES = {
    "desk.js": 'import { fold } from "./site.js";\nimport {\n  twice as doubled,\n} from "./desk/numbers.js";\ndoubled(2);\n',
    "desk/numbers.js": 'import { ONE } from "./ones.js";\nexport async function twice(n) {\n  return ONE + n;\n}\n',
    "desk/ones.js": "export const ONE = 1;\nexport class No extends Error {}\nfunction own() {}\n",
    "site.js": "",
}


def test_a_script_is_sent_with_its_parts_before_it():
    assert joined("desk.js", FILES.__getitem__) == (
        "const part1 = (() => {\nconst ONE = 1;\nclass No extends Error {}\nfunction own() {}\nreturn { ONE, No };\n})();\n"
        "const part2 = (() => {\nconst { ONE } = part1;\nasync function twice(n) {\n  return ONE + n;\n}\nreturn { twice };\n})();\n"
        'import { fold } from "./site.js";\nconst {\n  twice: doubled,\n} = part2;\ndoubled(2);\n'
    )


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('import { twice } from "./numbers.js";\n', "needs itself"),
        ('import * as all from "./other.js";\n', "not understood"),
        ("export default 1;\n", "not understood"),
        ('import { fold } from "../site.js";\n', "not understood"),
    ],
)
def test_parts_that_cannot_be_joined_are_refused(part: str, said: str):
    with pytest.raises(ValueError, match=said):
        joined("desk.js", (FILES | {"desk/ones.js": part}).__getitem__)


def test_a_library_that_a_script_needs_for_itself_comes_first_as_it_is():
    files = {
        "a.js": 'import "../vendor/l.js";\nimport { b } from "./a/b.js";\nLib(b);\n',
        "a/b.js": "export const b = 1;\n",
        "../vendor/l.js": "var Lib;",
    }
    assert (
        joined("a.js", files.__getitem__)
        == "var Lib;\nconst part1 = (() => {\nconst b = 1;\nreturn { b };\n})();\nconst { b } = part1;\nLib(b);\n"
    )


def test_where_a_library_was_not_built_the_script_and_the_sheet_are_sent_without_it(tmp_path):
    for name, text in {
        "t.js": 'import "../vendor/l.js";\nstart();\n',
        "t.css": '@import url("../vendor/l.css");\nb {}\n',
    }.items():
        (tmp_path / "own/t").mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / name).write_text(text, encoding="utf-8")
    assert assets.whole(tmp_path / "own/t.js") == b"\nstart();\n"
    assert assets.whole(tmp_path / "own/t.css") == b"b {}\n"


def test_each_script_of_ours_can_be_joined():
    folder = SITE / "static/js"
    for name in SCRIPTS:
        text = joined(name, lambda each: (folder / each).read_text(encoding="utf-8"))
        own = {path.name for path in (folder / name.removesuffix(".js")).glob("*.js")}
        assert len(re.findall(r"^const part\d+ = ", text, re.MULTILINE)) == len(own), name


def test_a_sheet_is_sent_with_its_parts_in_their_order():
    texts = {
        "a.css": '@import url("a/one.css");\n@import url("a/two.css");\n',
        "a/one.css": 'b { src: url("../../x.woff2"); }\n',
        "a/two.css": "i {}\n",
    }
    assert sheets.joined("a.css", texts.__getitem__) == 'b { src: url("../x.woff2"); }\ni {}\n'
    with pytest.raises(ValueError, match="no part"):
        sheets.joined("a.css", {"a.css": '@import url("../b.css");\n'}.__getitem__)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("site", ['url("../vendor/source-serif-4/latin.woff2")', "@media print"]),
        ("desk", [".desk-nav", "@media print"]),
        ("programme", ["@media print"]),
        ("timetable", [".ec-event"]),
    ],
)
def test_each_sheet_of_ours_can_be_joined(name: str, holds: list[str]):
    folder = SITE / "static/css"
    sheet = sheets.joined(f"{name}.css", lambda each: (folder / each).read_text(encoding="utf-8"))
    named = re.findall(rf'"{name}/([^"]+)"', (folder / f"{name}.css").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(path.name for path in (folder / name).iterdir())
    assert ("@import" in sheet, [each for each in holds if each not in sheet]) == (False, [])


# Classes that are put together from a value, or written by a library.
COMPOSED = re.compile(r"autocomplete__|badge-|bar-|conflict-|ec-|field-|is-|kind-|map-|notice-|swatch-")


def test_each_rule_is_for_something_that_a_page_holds():
    folders = (("templates", "*.html"), ("static/js", "*.js"), ("congress", "*.py"))
    pages = "\n".join(path.read_text(encoding="utf-8") for folder, kind in folders for path in (SITE / folder).rglob(kind))
    words = set(re.findall(r"[A-Za-z_][\w-]*", pages))
    for path in (SITE / "static/css").rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/|url\([^)]*\)|\{[^{}]*\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        classes = set(re.findall(r"\.([A-Za-z_][\w-]*)", rules))
        assert [each for each in sorted(classes - words) if not COMPOSED.match(each)] == [], path.name
