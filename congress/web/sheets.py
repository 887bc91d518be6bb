"""A sheet in parts is sent as one: each part would be a request more, and found only when the sheet itself has come. Pure.

``site.css`` names its parts by ``@import``, in their order; they stand in the folder ``site`` beside it, or are a library's in ``vendor``. A browser that is
given the files as they are reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_IMPORT = re.compile(r'^@import url\("([^"]+)"\);\n', re.MULTILINE)


def joined(name: str, read: Callable[[str], str]) -> str:
    """The sheet of that name with its parts in place; ``read`` gives the text of a file, named from the folder of the sheet.

    Addresses in a part begin one folder deeper. Raises ValueError for an import from elsewhere.
    """
    folder = f"{name.removesuffix('.css')}/"

    def part(found: re.Match[str]) -> str:
        if found[1].startswith("../vendor/"):
            return read(found[1])
        if not found[1].startswith(folder):
            raise ValueError(f"{found[1]} is no part of {name}")
        return read(found[1]).replace('url("../../', 'url("../')

    return _IMPORT.sub(part, read(name))
