"""A script in parts is sent as one: each part would be a request more, and found only when the one before it has come. Pure.

The parts of ``timetable.js`` stand in the folder ``timetable`` beside it. Each becomes a function that is called once and gives what
the part exports. A library in ``vendor`` that the script needs for itself is put before them as it is, with the names that it makes. Imports of
other files stay what they are, and only the script itself may have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./([^"]+)";$', re.MULTILINE)
_LIBRARY = re.compile(r'^import "(\.\./vendor/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|(?:async )?function) (\w+))", re.MULTILINE)


def joined(name: str, read: Callable[[str], str]) -> str:
    """The script of that name with its parts before it; ``read`` gives the text of a file, named from the folder of the script.

    Raises ValueError for parts that need each other in a circle, or that write imports and exports in another way.
    """
    folder = f"{name.removesuffix('.js')}/"
    known: dict[str, str] = {}
    parts: list[str] = []

    def local(text: str, beside: str) -> str:
        def take(found: re.Match[str]) -> str:
            path = beside + found[2]
            return f"const {{{found[1].replace(' as ', ': ')}}} = {add(path)};" if path.startswith(folder) else found[0]

        return _IMPORT.sub(take, text)

    def add(path: str) -> str:
        if path in known:
            if not known[path]:
                raise ValueError(f"{path} needs itself")
            return known[path]
        known[path] = ""
        text = local(read(path), folder)
        given = ", ".join(_EXPORT.findall(text))
        text = _EXPORT.sub("", text)
        if re.search(r"^(import|export)\b", text, re.MULTILINE):
            raise ValueError(f"{path} writes an import or export that is not understood")
        known[path] = f"part{len(parts) + 1}"
        parts.append(f"const {known[path]} = (() => {{\n{text}return {{ {given} }};\n}})();\n")
        return known[path]

    text = local(read(name), "")
    libraries = [read(path) + "\n" for path in _LIBRARY.findall(text)]
    return "".join(libraries + parts) + _LIBRARY.sub("", text)
