"""What the shift report says of people, changes and checks, from the station that recorded them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from station.app import Station
from station.cli.program import run
from station.domain.audit import AuditAction
from station.domain.challenge import Outcome
from station.domain.clock import utc_now
from station.domain.feedback import Disposition
from station.domain.inspection import RunHeader, RunKind
from station.storage.challenges.checks import Checks

HOSTILE = ("../../x", "=cmd|' /C calc'!A0", "<b>bold</b>", "\u202egnp.exe", "W" * 500, "\"quoted\" 'twice'", "a\0b")


@pytest.fixture
def judged(station: Station) -> Station:
    """Six parts, of which a person says that one failed wrongly; a check that failed; somebody who was logged in."""
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    inspections, database = station._core.inspections, station._core.database
    header = RunHeader(RunKind.CHALLENGE)
    recipe = station.recipes.find("plate").recipe
    check = inspections.begin_run(
        recipe, camera="c", program_version="1", started_at=utc_now(), person="Ada", header=header
    )
    inspections.end_run(check.run_id, utc_now())
    Checks(database).settle(check.run_id, Outcome.FAILED, 2, (), utc_now())
    return station


def _dispute(station: Station, reason: str, person: str) -> None:
    failed = next(part for part in station.records.recent() if part.verdict.rejected)
    station.acting_as(*station.authority.roles, signature=person).review.give_feedback(
        failed.key, Disposition.GOOD_PART, reason
    )


def _outside_the_workspace(folder: Path) -> set[Path]:
    """All files of this test; a name such as "../../x" would be one of them."""
    return {path for path in folder.rglob("*") if path.is_file() and "workspace" not in path.parts}


def _letters(pdf: Path) -> str:
    """All letters of a file, without spaces: a long word is broken over several lines."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)


def test_that_paper_workbook_and_json_have_the_same_account(
    judged: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _dispute(judged, "dust", "Ben")
    acting = judged.acting_as(*judged.authority.roles, signature="Ada")
    acting.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Ada", "less overkill")
    judged._core.audit.note(AuditAction.LOGGED_IN, "Eve", new="supervisor, by badge", person="Eve")
    (window,) = judged.records.shifts()
    (presence,) = judged.records.account(window).people
    assert (presence.name, presence.as_what, presence.until) == ("Eve", "supervisor, by badge", None)
    assert utc_now() - presence.since < timedelta(minutes=1)

    code = run(["--workspace", str(judged.workspace.root), "report", "--shift", f"{window.day}/{window.name}",
                "--json", "-", "--pdf", str(tmp_path / "a.pdf"), "--xlsx", str(tmp_path / "a.xlsx")])  # fmt: skip
    values = json.loads(capsys.readouterr().out.splitlines()[0])
    assert code == 0
    assert values["people"][0]["name"] == "Eve"
    assert [(each["what"], each["why"], each["by"]) for each in values["changes"]] == [
        ("limits changed", "less overkill", "Ada")
    ]
    ((overruled,), (check,)) = values["overruled"], values["checks"]
    assert (overruled["verdict"], overruled["said"], overruled["reason"], overruled["by"]) == (
        "FAIL", "good part", "dust", "Ben",
    )  # fmt: skip
    assert (check["recipe"], check["outcome"]) == ("plate@1", "failed")
    assert check["suspects"] == "6 parts are suspect, 4 of them passed. From run 1 part 0001 to run 1 part 0006."
    assert values["agreement"][0] | {"agreement": ""} == {
        "of": "All", "confirmed": "0", "overruled": "1", "agreement": "",
        "parts_overruled": f"run 1: {overruled['part']}",
    }  # fmt: skip
    assert values["parts_of"]["V3"] == {"of": "FAIL", "count": 2, "parts": "run 1: 0002, 0005"}
    text = _letters(tmp_path / "a.pdf")
    book = load_workbook(tmp_path / "a.xlsx", read_only=True)
    for key in ("people", "changes", "overruled", "agreement", "checks", "missing_pictures"):
        sheet = [tuple(map(str, row)) for row in book[key.replace("_", " ").capitalize()].iter_rows(values_only=True)]
        assert sheet[1:] == [tuple(each.values()) for each in values[key]]
        for each in values[key]:
            assert "".join("".join(each.values()).split()) in text
    book.close()


@pytest.mark.parametrize("said", HOSTILE)
def test_that_hostile_texts_are_text_on_paper_in_the_table_and_in_the_workbook(
    judged: Station, tmp_path: Path, said: str
) -> None:
    _dispute(judged, said, said)
    stored = said.replace("\0", "\N{SYMBOL FOR NULL}")  # no database holds a NUL in a text
    before, folder = _outside_the_workspace(tmp_path), tmp_path / "two/levels/down"
    folder.mkdir(parents=True)
    (window,) = judged.records.shifts()
    assert [each.reason for each in judged.records.shift(window)[0].disputes] == [stored]
    pdf, table, book = (folder / f"a.{kind}" for kind in ("pdf", "csv", "xlsx"))
    judged.records.write_pdf(window, pdf)
    judged.records.write_csv(window, table)
    judged.records.write_xlsx(window, book)
    assert _outside_the_workspace(tmp_path) - before == {pdf, table, book}
    printed = re.sub("[\u202e\u2400]", lambda found: f"[U+{ord(found[0]):04X}]", stored).replace(" ", "")
    assert printed[:100] in _letters(pdf)
    assert stored in table.read_text("utf-8").replace('""', '"')
    cells = [cell for row in load_workbook(book)["Overruled"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == stored] == ["s", "s"]
