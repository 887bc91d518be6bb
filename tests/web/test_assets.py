"""Our scripts and who loads them."""

from __future__ import annotations

import re

import pytest

from congress import SITE
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


def test_each_script_of_ours_can_be_joined():
    folder = SITE / "static/js"
    for name in SCRIPTS:
        text = joined(name, lambda each: (folder / each).read_text(encoding="utf-8"))
        own = {path.name for path in (folder / name.removesuffix(".js")).glob("*.js")}
        assert len(re.findall(r"^const part\d+ = ", text, re.MULTILINE)) == len(own), name
