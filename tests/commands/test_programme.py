"""The commands that take a programme in and out, as people run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import Run, a_demo, folder, made_demo, rows, run

__all__ = ["a_demo", "folder", "made_demo", "run"]
HERE = ("--congress", "krakowice2018")
PLACED = "SELECT c.slug, p.code, p.starts_at, p.ends_at, p.room_id, p.is_cancelled FROM placements p JOIN congresses c ON c.id = p.congress_id"


def test_a_draft_goes_out_to_files_and_comes_back_unchanged(run: Run, folder: Path, a_demo: Path):
    before = rows(a_demo, PLACED)
    for name in ("draft.csv", "draft.xlsx"):
        out, back = run("export-programme", name, *HERE), run("import-draft", name, *HERE)
        assert (out.exit_code, out.output.splitlines()[-1]) == (0, f"The draft is in {name}.")
        assert back.output.splitlines()[-1].startswith("0 added, 0 changed, "), back.output
    for name in ("draft.json", "draft.xml", "draft.ics"):
        assert run("export-programme", name, *HERE, "--language", "pl").exit_code == 0
        assert run("import-draft", name, *HERE, "--dry-run").output.splitlines()[-1].startswith("0 would be added")
    assert rows(a_demo, PLACED) == before


def test_a_file_with_one_error_is_not_written_at_all(run: Run, folder: Path, a_demo: Path):
    (folder / "new.csv").write_text("code;title_en;starts\nX1;Good;2018-06-12 10:00\nX2;Bad;2018-06-31 10:00\n")
    answer = run("import-draft", "new.csv", *HERE)
    assert (answer.exit_code, answer.output.splitlines()[-2:]) == (
        1,
        [
            "Error: new.csv, line 3, starts: 2018-06-31 does not exist: this month has fewer days, or there is no such month.",
            "Nothing was written.",
        ],
    )
    assert rows(a_demo, "SELECT code FROM placements WHERE code LIKE 'X%'") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export-programme", "draft.pdf"), "“draft.pdf” should end in one of: .csv, .xlsx, .json, .xml, .ics."),
        (("export-programme", "nowhere/draft.csv"), "nowhere/draft.csv cannot be written: No such file or directory."),
        (("import-draft", "none.csv"), "none.csv cannot be read: No such file or directory."),
    ],
)
def test_files_that_cannot_be_are_named(run: Run, a_demo: Path, words: tuple[str, ...], said: str):
    answer = run(*words, *HERE)
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (1, f"Error: {said}")


def test_a_congress_is_copied_once(run: Run, a_demo: Path):
    words = ("copy-congress", "krakowice2018", "krakowice2019", "--first-day", "2019-06-11", "--name", "Krakowice 2019")
    done, again = run(*words), run(*words)
    assert (done.exit_code, again.output.splitlines()[-1]) == (0, "Error: There is a congress with this address already.")
    before, after = ({row[1] for row in rows(a_demo, PLACED) if row[0] == slug} for slug in ("krakowice2018", "krakowice2019"))
    assert after == before
