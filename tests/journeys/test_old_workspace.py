"""A workspace of database version 0002 in today's program: every command and the shift report work on it."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from plant import OTHER_PIN, Plant
from pypdf import PdfReader

from station.__main__ import main
from station.app import Station
from station.domain.audit import AuditAction
from station.domain.inspection import PartKey
from station.domain.recipe import View
from station.domain.shift import EventKind
from station.domain.verdict import Verdict
from station.inference.model_package import load_package
from station.learning import teaching
from station.learning.evaluation import evaluate_folder
from station.storage.engine import database as database_module
from station.storage.engine.schema import SCHEMA_VERSION

OLD = Path(__file__).parents[1] / "fixtures" / "workspace_0002"
SHIFT = "2026-11-27/Night"
VERDICTS = {Verdict.PASS: 3, Verdict.REVIEW: 2, Verdict.FAIL: 4, Verdict.NOT_INSPECTED: 1}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "old"))


@pytest.fixture
def call(old: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs one command in the old workspace: exit code, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main([*map(str, words), "--workspace", str(old)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def station(old: Path) -> Iterator[Station]:
    """The old workspace opened; the `window` fixture shows it."""
    with Station.open(old) as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A good plate and one with a mark, in a folder for each view, and the same as labelled pictures."""
    for folder in ("top", "side", "test/good", "test/mark"):
        (tmp_path / folder).mkdir(parents=True)
    for number, (label, mark) in enumerate((("good", 0), ("mark", 80))):
        plate = np.full((96, 128, 3), 128, np.uint8)
        plate[12:24, 32:48] += np.uint8(mark)
        plate[0, 0] = number
        for folder in ("top", "side", f"test/{label}"):
            cv2.imwrite(str(tmp_path / folder / f"{number}.png"), plate)
    return tmp_path


def version_of(workspace: Path) -> str:
    connection = sqlite3.connect(workspace / "station.db")
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


def test_that_a_model_package_of_format_1_is_read_and_has_no_certificate(call: Callable[..., tuple[int, str, str]]):
    assert json.loads((OLD / "models/tiny/manifest.json").read_text())["format_version"] == 1
    code, out, _ = call("verify", "--models")
    assert code == 0
    assert "the model package 'tiny' has no certificate that can be repeated" in out


def test_that_opening_brings_the_database_to_the_present_version(old: Path) -> None:
    assert version_of(old) == "0002"
    Station.open(old).close()
    assert version_of(old) == SCHEMA_VERSION


def test_that_verify_finds_every_record_picture_and_model_as_it_was(call) -> None:
    assert call("verify") == (0, "clean\n", "")


def test_that_the_parts_the_feedback_and_the_events_are_read(station: Station) -> None:
    records, summary = station.records.shift(station.records.find_shift(SHIFT))
    assert Counter(part.inspection.verdict for part in records.parts) == VERDICTS
    assert summary.counts.triggers == 10
    assert [part.inspection.reason for part in records.parts[:5]] == [
        "no marks",
        "top: mark 120 px2, upper left",
        "side: unusual as a whole, most at the upper left",
        "top: unusual as a whole, most at the upper left",
        "side: picture too dark to judge",
    ]
    assert {EventKind.RECIPE_LOADED, EventKind.CAMERA_LOST, EventKind.CAMERA_RETURNED} <= {
        e.kind for e in records.events
    }


def test_that_what_a_person_said_of_a_part_keeps_person_and_reason(station: Station) -> None:
    said = [station.review.feedback_on(PartKey(1, part))[0] for part in (1, 2, 3, 6)]
    assert [(each.claim.value, each.reason, each.person) for each in said] == [
        ("missed defect", "print", "bert"),
        ("good part", "dust", "anna"),
        ("good part", "review", "anna"),
        ("confirmed", "", "anna"),
    ]


def test_that_a_review_that_ran_out_of_time_has_no_person_and_is_not_a_dispute(station: Station) -> None:
    (end,) = station.review.feedback_on(PartKey(1, 4))
    assert (end.claim.value, end.reason, end.person, end.author) == ("review timed out", "", "", "station")
    assert end.verdict is Verdict.FAIL
    assert station.records.part(PartKey(1, 4)).inspection.verdict is Verdict.REVIEW
    _, summary = station.records.shift(station.records.find_shift(SHIFT))
    assert {claim.value: n for claim, n in summary.disputed.items()} == {
        "good part": 2, "missed defect": 1, "confirmed": 1,
    }  # fmt: skip


def test_that_the_pictures_and_the_map_of_a_part_are_shown(station: Station) -> None:
    failed = station.records.part(PartKey(1, 2))
    assert [view.inspection.name for view in failed.views] == ["top", "side"]
    top = failed.views[0]
    assert top.anomaly_map is not None
    assert top.anomaly_map.shape == (8, 8)
    assert float(top.anomaly_map.max()) > top.pixel_threshold
    thumbnail = station.records.thumbnail(PartKey(1, 1))
    assert thumbnail is not None
    assert thumbnail.shape == (96, 128, 3)


def test_that_the_run_that_was_cut_off_is_closed(station: Station) -> None:
    with sqlite3.connect(station.workspace.database) as connection:
        assert connection.execute("SELECT count(*) FROM run WHERE ended_at IS NULL").fetchone() == (0,)
    connection.close()


def test_that_report_prints_the_old_shift(call, tmp_path: Path) -> None:
    assert call("report", "--shift", SHIFT, "--pdf", tmp_path / "a.pdf", "--csv", tmp_path / "a.csv")[0] == 0
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
    assert "bracket" in text
    assert "Station 7" in text
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert sum("bracket" in line for line in lines) == 8
    assert sum("plate" in line for line in lines) == 2


def test_that_recipes_list_names_every_revision_with_its_state(call) -> None:
    code, out, _ = call("recipes", "list", "--json", "-")
    assert code == 0
    entries = [json.loads(line) for line in out.splitlines()]
    assert {(e["name"], e["revision"], e["state"]) for e in entries} == {
        ("bracket", 1, "retired"),
        ("bracket", 2, "released"),
        ("bracket", 3, "draft"),
        ("plate", 1, "draft"),
    }


def test_that_recipes_show_and_diff_read_the_old_revisions(call) -> None:
    code, out, _ = call("recipes", "show", "bracket@2")
    assert code == 0
    assert "ExposureTime" in out
    code, out, _ = call("recipes", "diff", "bracket@1", "bracket@2")
    assert code == 1  # they differ
    assert "top.limits.review_threshold" in out


def test_that_an_old_recipe_is_exported_and_imported_as_the_next_revision(call, tmp_path: Path) -> None:
    assert call("recipes", "export", "bracket@2", tmp_path / "bracket.recipe")[0] == 0
    assert call("recipes", "import", tmp_path / "bracket.recipe")[0] == 0
    assert "bracket@4" in call("recipes", "list")[1]


def test_that_an_old_draft_is_released_and_the_old_release_retired(call) -> None:
    assert call("recipes", "release", "bracket@3", "--reason", "it is better")[0] == 0
    assert call("recipes", "retire", "bracket@3", "--reason", "it is not")[0] == 0
    assert call("verify")[0] == 0


@pytest.fixture
def of_last_release(old: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The old workspace as the program of version 0016 left it: with people and an audit trail, without signatures."""
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "SCHEMA_VERSION", "0016")
        plant = Plant(old).settle()
    plant.audit.record(AuditAction.RECIPE_RELEASED, "bracket@3", "bracket@2", "bracket@3", "better", person="Ben")
    with plant.database.writing() as connection:
        for revision, state in ((2, "retired"), (3, "released")):
            connection.exec_driver_sql(
                "INSERT INTO recipe_state (name, revision, state, person, reason, at, takes_effect) "
                "VALUES ('bracket', ?, ?, 'Ben', 'better', 1795880000000000, 'next-start')",
                (revision, state),
            )
    plant.database.close()
    return old


def test_that_a_release_of_the_last_version_is_clean_and_the_next_one_is_signed(
    of_last_release: Path, call: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert version_of(of_last_release) == "0016"
    assert call("verify") == (0, "clean\n", "")
    assert version_of(of_last_release) == SCHEMA_VERSION
    code, _, err = call("recipes", "rollback", "bracket", "--reason", "worse")
    assert (code, "This needs a signature" in err) == (2, True)
    monkeypatch.setattr("sys.stdin", StringIO(f"{OTHER_PIN}\n"))
    assert call("recipes", "rollback", "bracket", "--reason", "worse", "--sign", "Ben", "--pin-from-stdin")[0] == 0
    assert "released by Ben (engineer), PIN" in call("recipes", "show", "bracket@4")[1]
    assert call("verify") == (0, "clean\n", "")


def test_that_inspect_goes_on_with_the_old_recipe_behind_the_old_records(call, pictures: Path) -> None:
    maps = pictures / "maps"
    sources = [f"{view}={pictures / view}" for view in ("top", "side")]
    code, out, _ = call("inspect", *sources, "--recipe", "bracket", "--maps", maps, "--json", "-")
    assert code == 0
    *parts, summary = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert [part["verdict"] for part in parts] == ["PASS", "FAIL"]
    assert summary["triggers"] == 2
    assert len(list(maps.rglob("*.tiff"))) == 4
    assert call("verify") == (0, "clean\n", "")


def test_that_evaluate_measures_the_old_recipe(call, pictures: Path) -> None:
    code, out, _ = call("evaluate", pictures / "test", "--recipe", "plate", "--json", "-")
    assert code == 0
    assert '"escapes"' in out


def test_that_teach_leaves_the_next_revision_of_an_old_recipe(call, old: Path, pictures: Path, monkeypatch) -> None:
    """Training is replaced by the old model: other tests train, and the old workspace has no part in it."""

    def teach(folder, product, workspace, *, view, **_options):
        package = load_package(old / "models" / "tiny")
        judged = View(package.reference, view)
        return teaching.Taught(None, package, judged, evaluate_folder(folder, judged, package, workspace.cache), "")

    monkeypatch.setattr(teaching, "teach", teach)
    assert call("teach", pictures / "test", "--product", "plate")[0] == 0
    assert "plate@2" in call("recipes", "list")[1]


def test_that_doctor_finds_the_old_records_and_recipes_whole(call) -> None:
    _, out, _ = call("doctor", "--json", "-")
    states = {remark["what"]: remark["state"] for remark in map(json.loads, out.splitlines())}
    assert states["records"] == states["recipe bracket@2"] == "ok"


def test_that_bench_and_cameras_run_on_the_old_workspace(call) -> None:
    assert call("bench", "--recipe", "bracket", "--view", "top", "--rounds", "1")[0] == 0
    assert "simulated" in call("cameras")[1]


def test_that_the_window_shows_the_report_of_the_old_shift(window, station: Station, qtbot) -> None:
    window.show_page("shift_report")
    page, shift = window.page_of("shift_report"), station.records.find_shift(SHIFT)
    qtbot.waitUntil(lambda: page.shifts.count() > 0, timeout=20_000)
    page.shift_chosen.emit(shift)
    qtbot.waitUntil(lambda: page.recipes.rows.rowCount() == 2 and "10" in page.said.text(), timeout=20_000)
    rows = page.disputes.rows
    said = [[str(rows.data(rows.index(row, column))) for column in range(4)] for row in range(rows.rowCount())]
    assert ["0002", "anna", "good part, dust"] in [row[1:] for row in said]
