"""`linesidectl audit` and `linesidectl verify`: the trail is listed, written into files, and its first break named."""

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from station.app import Station
from station.cli.program import run


@pytest.fixture
def changed(station: Station) -> Path:
    """A closed station of which a limit was changed."""
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Ada", "less overkill")
    station.close()
    return station.workspace.root


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], changed: Path) -> Callable[..., tuple[int, str, str]]:
    def ask(*words: str) -> tuple[int, str, str]:
        code = run(["--workspace", str(changed), *words])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


def test_that_a_change_is_listed_with_old_new_and_reason(said: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = said("audit", "list", "--subject", "PLATE@2")
    assert code == 0
    (line,) = out.splitlines()
    assert line.endswith(
        "Ada: limits changed, plate@2, plate@1: limits.image_threshold 0.5 -> limits.image_threshold 0.7 (draft)"
        " (less overkill)"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--person", "Ada"), 1),
        (("--person", "Bo"), 0),
        (("--action", "limits changed"), 1),
        (("--from", "2001-01-01T00:00:00+00:00", "--person", "Ada"), 1),
        (("--to", "2001-01-01T00:00:00+00:00"), 0),
    ],
)
def test_that_entries_are_filtered(
    said: Callable[..., tuple[int, str, str]], words: tuple[str, ...], found: int
) -> None:
    code, out, _ = said("audit", "list", "--json", "-", *words)
    entries = [json.loads(line) for line in out.splitlines()]
    assert (code, len(entries)) == (0, found)
    assert all(entry["subject"] == "plate@2" for entry in entries)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("list", "--action", "fired"), "There is no action 'fired'. The actions are: logged in,"),
        (("list", "--from", "yesterday"), "'yesterday' is not an ISO 8601 time."),
        (("list", "--from", "2026-01-01T00:00:00"), "has no offset from UTC."),
        (("export",), "No file is named. Give --csv FILE, --syslog FILE or both."),
    ],
)
def test_that_what_cannot_be_asked_is_refused_with_one_sentence(
    said: Callable[..., tuple[int, str, str]], words: tuple[str, ...], sentence: str
) -> None:
    code, _, err = said("audit", *words)
    assert code == 2
    assert sentence in err


def test_that_the_trail_is_written_into_both_files(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, _ = said("audit", "export", "--csv", str(tmp_path / "a.csv"), "--syslog", str(tmp_path / "a.log"))
    assert code == 0
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = (tmp_path / "a.log").read_text("utf-8").splitlines()
    assert rows[0]["action"] == "limits changed"
    assert len(lines) == len(rows) + 1, "the export of the table is an entry too"
    assert said("audit", "list")[1].count("audit exported") == 2


def test_that_a_role_without_the_permission_exports_nothing(
    said: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, _, err = said("--role", "operator", "audit", "export", "--csv", str(tmp_path / "a.csv"))
    assert code == 2
    assert "The role operator may not export the audit trail." in err
    assert not (tmp_path / "a.csv").exists()


def test_that_verify_names_the_first_broken_link(said: Callable[..., tuple[int, str, str]], changed: Path) -> None:
    assert said("verify")[:2] == (0, "clean\n")
    with sqlite3.connect(changed / "station.db") as plain:
        plain.execute("DROP TRIGGER audit_log_never_changes")
        plain.execute("UPDATE audit_log SET reason = 'none' WHERE number = 1")
    plain.close()
    code, out, _ = said("verify")
    assert code == 1
    assert out.startswith("error: audit entry 1: Entry 1 was changed: it does not have its hash.\n")
