"""The rules of the house that a program can hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "congress"
SURFACES = ("public", "my", "desk")
LONGEST_FILE, LONGEST_VIEW = 400, 40  # lines


def files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def of_surfaces() -> list[Path]:
    return files(*(PACKAGE / surface for surface in SURFACES))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_view(function: ast.AST) -> bool:
    """Whether a function is bound to an address."""
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    calls = (each.func for each in function.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Attribute) and each.attr in {"route", "get", "post", "put", "delete"} for each in calls)


def test_imports_go_downwards():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "0 broken" in done.stdout) == (0, True), done.stdout + done.stderr


def test_no_file_is_longer_than_400_lines():
    written = [path for path in files(PACKAGE, ROOT / "tests") if "versions" not in path.parts]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [ROOT / "config.py", *written]}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_there_are_views_and_none_is_longer_than_40_lines():
    views = {
        f"{name(path)}:{each.name}": each.end_lineno - each.lineno + 1
        for path in of_surfaces()
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if is_view(each)
    }
    assert len(views) > 10
    assert {view: length for view, length in views.items() if length > LONGEST_VIEW} == {}


def test_no_surface_asks_the_database_itself():
    asking = {
        f"{name(path)}:{each.lineno}"
        for path in of_surfaces()
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Call)
        and ast.unparse(each.func).rpartition(".")[2] in {"select", "query", "scalars", "scalar", "execute"}
    }
    assert asking == set()


@pytest.mark.parametrize("package", sorted(name(path.parent) for path in PACKAGE.rglob("__init__.py")))
def test_every_package_says_what_it_is(package):
    assert ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "path", [name(path) for path in files(PACKAGE) if "versions" not in path.parts and path.name != "__init__.py"]
)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
