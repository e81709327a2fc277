"""What another revision would have said of all stored parts is found once, completely, and the same in every way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive import NOON, store_parts
from drafts import add_draft

from station.__main__ import main
from station.app import Station
from station.commands import rescore as commands
from station.commands.rescore import RescoreOrder
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError, GivenUpError
from station.domain.feedback import Disposition
from station.domain.recipe import RecipeState
from station.domain.rescore import RescoredPart
from station.domain.verdict import Verdict
from station.inference.model_package import ModelDescription, load_package, write_package
from station.rescore import local_processes
from station.rescore.part_judge import Folders, PartJudge, Question, forget_models
from station.rescore.picture_source import PicturesUnreachableError

ORDER = RescoreOrder(("plate", 2), ("plate", 1), processes=2)
FEW, PARTS, MANY = 40, 60, 160
"""Judged in this process, and many: worth processes of their own."""
Row = tuple[object, ...]


def rows_of(station: Station, table: str = "rescored_part") -> list[Row]:
    """Return everything in a table, without the number of the re-score, bit by bit."""
    with station._core.database.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY run_id, number").all()
    return [tuple(each.hex() if isinstance(each, float) else each for each in row[1:]) for row in rows]


def _as_row(part: RescoredPart) -> Row:
    before, after = part.before, part.after
    assert before is not None
    assert after is not None
    scores = [said.pred_score.hex() if said.pred_score is not None else None for said in (before, after)]
    return part.key.run_id, part.key.part, before.verdict, scores[0], after.verdict, scores[1], ""


def judged_here(station: Station, order: RescoreOrder = ORDER) -> list[RescoredPart]:
    """Return what one program says of all parts, one after the other."""
    recipe, against = (station._core.recipes.find_revision(*each).recipe for each in (order.recipe, order.against))
    rescored, job = station.rescoring._begun(order)
    question = Question(recipe, against, str(station.workspace.pictures))
    judge = PartJudge(question, Folders(station.workspace.models, station.workspace.cache))
    try:
        return [judge.judge(part) for part in rescored.to_judge(job, order.since)]
    finally:
        judge.close()


def change(station: Station, key_at: int, content: bytes | None) -> str:
    """Change or remove the original of one part; return its path."""
    with station._core.database.reading() as connection:
        path = connection.exec_driver_sql(f"SELECT path FROM picture WHERE number = {key_at}").scalar_one()
    file = station.workspace.pictures / path
    file.unlink() if content is None else file.write_bytes(content)
    return str(path)


def test_that_several_processes_say_of_every_part_what_one_program_says(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station, lax=True)
    keys = store_parts(station, released, MANY)
    expected = judged_here(station)
    found = station.rescoring.rescore(ORDER)
    assert rows_of(station) == [_as_row(each) for each in expected]
    assert [each.key for each in expected] == keys
    assert found.figures.judged == MANY
    flips = list(found.flips)
    assert found.figures.flips == len(flips) == sum(each.before != each.after for each in expected) > 0
    assert {(each.before.verdict, each.after.verdict) for each in flips} == {(Verdict.FAIL, Verdict.PASS)}
    assert all((station.workspace.pictures / each.pictures[0]).is_file() for each in flips)
    assert f"{len(flips)} of {MANY} stored parts would get another verdict" in found.figures.sentences[0]


def test_that_what_the_line_recorded_is_what_its_revision_says_again(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    found = station.rescoring.rescore(ORDER)
    assert (found.figures.judged, found.figures.flips) == (PARTS, 0)
    assert all(row[2:4] == row[4:6] for row in rows_of(station))


def test_that_a_revision_is_not_compared_with_itself(station: Station) -> None:
    add_draft(station)
    with pytest.raises(BadInputError, match="plate@2 would be compared with itself"):
        station.rescoring.rescore(replace(ORDER, against=ORDER.recipe))


def test_that_parts_of_another_product_are_not_judged(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    station.recipes.add(replace(released, name="cap", product="cap", revision=1), RecipeState.DRAFT)
    store_parts(station, released, 2)
    with pytest.raises(BadInputError, match="cap@1 judges cap, and plate@1 judges Steel plate"):
        station.rescoring.rescore(replace(ORDER, recipe=("cap", 1)))
    assert rows_of(station) == []


def test_that_parts_of_a_third_revision_are_judged_by_both(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    strict = replace(released.views[0], limits=replace(released.views[0].limits, image_threshold=0.99))
    third = station.recipes.add(replace(released, revision=3, views=(strict,)), RecipeState.DRAFT).recipe
    store_parts(station, third, FEW)
    store_parts(station, released, FEW, NOON + timedelta(hours=1))
    found = station.rescoring.rescore(ORDER)
    assert (found.figures.judged, found.figures.flips) == (2 * FEW, 0)
    both = rows_of(station)
    assert [row[1:] for row in both[:FEW]] == [row[1:] for row in both[FEW:]]


def test_that_a_rescore_goes_on_where_it_was_given_up_and_judges_no_part_twice(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station, lax=True)
    store_parts(station, released, PARTS)
    done: list[int] = []
    with pytest.raises(GivenUpError, match="re-score by plate@2 was given up"):
        station.rescoring.rescore(ORDER, lambda step: done.append(step.done), lambda: len(done) < PARTS // 2)
    begun = len(rows_of(station))
    assert 0 < begun < PARTS
    done.clear()
    found = station.rescoring.rescore(ORDER, lambda step: done.append(step.done))
    assert done == list(range(PARTS - begun + 1))
    assert found.figures.judged == PARTS
    done.clear()
    assert station.rescoring.rescore(ORDER, lambda step: done.append(step.done)).figures == found.figures
    assert done == []
    changes = AuditFilter(action=AuditAction.CANDIDATE_CHANGED)
    assert [each.new for each in station.audit.entries(changes)] == ["judges stored parts, compared with plate@1"]


def test_that_a_part_with_a_lost_or_changed_picture_is_listed_with_the_cause_and_tried_again(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    lost, changed = change(station, 3, None), change(station, 5, b"something else")
    found = station.rescoring.rescore(ORDER)
    assert (found.figures.judged, found.figures.not_judged, found.figures.waiting) == (PARTS - 2, 2, 0)
    causes = {each.pictures[0]: each.cause for each in found.not_judged}
    assert "cannot be read: No such file" in causes[lost]
    assert "was changed after it was recorded" in causes[changed]
    same = next(row for row in rows_of(station) if row[1] == 3 + 23)
    (station.workspace.pictures / lost).write_bytes(_picture_of(station, 3 + 23))
    again = station.rescoring.rescore(ORDER)
    assert (again.figures.judged, again.figures.not_judged) == (PARTS - 1, 1)
    assert next(row for row in rows_of(station) if row[1] == 3)[2:] == same[2:]


def _picture_of(station: Station, number: int) -> bytes:
    with station._core.database.reading() as connection:
        path = connection.exec_driver_sql(f"SELECT path FROM picture WHERE number = {number}").scalar_one()
    return (station.workspace.pictures / path).read_bytes()


def test_that_parts_without_a_kept_picture_are_counted_by_why(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    with station._core.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM picture WHERE number <= 7")
    found = station.rescoring.rescore(ORDER)
    assert (found.figures.judged, found.figures.left_out) == (PARTS - 7, {"not kept": 7})
    assert found.figures.sentences[-1] == "Without a picture to judge: 7 not kept."


def test_that_a_place_of_pictures_that_is_gone_is_a_fault_and_no_verdict_on_any_part(
    station: Station, tmp_path: Path
) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    with pytest.raises(PicturesUnreachableError, match="no folder of pictures"):
        station.rescoring.rescore(replace(ORDER, pictures=str(tmp_path / "share")))
    assert rows_of(station) == []


def test_that_pictures_that_the_station_gave_up_are_judged_from_a_share(station: Station, tmp_path: Path) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    station.workspace.pictures.rename(tmp_path / "share")
    station.workspace.pictures.mkdir()
    with station._core.database.writing() as connection:
        gone = "SELECT run_id, number, view, role, path, sha256, size, 'the disk was full', 0 FROM picture"
        connection.exec_driver_sql(f"INSERT INTO given_up_picture {gone} WHERE number <= 9")
        connection.exec_driver_sql("DELETE FROM picture WHERE number <= 9")
    found = station.rescoring.rescore(replace(ORDER, pictures=str(tmp_path / "share")))
    assert (found.figures.judged, found.figures.left_out) == (PARTS, {})


def test_that_a_changed_model_package_is_refused_by_its_hash(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, PARTS)
    weights = station.workspace.models / "tiny" / "model.xml"
    weights.write_bytes(weights.read_bytes() + b"\n")
    with pytest.raises(BadInputError, match=r"model\.xml .*was changed after it was made"):
        station.rescoring.rescore(ORDER)


def test_that_the_candidate_is_compared_and_the_gate_counts_its_parts(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station, lax=True)
    store_parts(station, released, PARTS)
    found = station.rescoring.rescore(ORDER)
    figures = station.candidates.figures("plate", 2)
    assert (figures.judged, figures.only_champion_rejects) == (PARTS, found.figures.flips)
    assert len(station.candidates.disagreements("plate", 2)) == found.figures.flips


def _end_at_seven(question: Question, folders: Folders, batch: Sequence[object]) -> tuple[RescoredPart, ...]:
    if any(part.key.part == 7 for part in batch):
        os._exit(9)
    return local_processes_judge(question, folders, batch)


def add_draft_of_another_model(station: Station) -> None:
    """Add a draft whose model package is another one, with the same graph in it."""
    released = station.recipes.find("plate").recipe
    tiny = load_package(station.workspace.models / "tiny")
    described = tiny.manifest.model_dump(include=set(ModelDescription.model_fields)) | {"made_by": "a test"}
    files = {name: tiny.folder / name for name in ("model.xml", "model.bin")}
    other = write_package(station.workspace.models, "other", ModelDescription(**described), files)
    view = replace(released.views[0], model=other.reference)
    station.recipes.add(replace(released, revision=2, views=(view,)), RecipeState.DRAFT)


def test_that_the_limits_of_a_draft_with_another_model_are_chosen_from_the_parts_of_the_line(station: Station) -> None:
    keys = store_parts(station, station.recipes.find("plate").recipe, PARTS)
    add_draft_of_another_model(station)
    assert len(station.limits.bench("plate", 2).line.pictures) == 0
    station.rescoring.rescore(ORDER)
    station.review.give_feedback(keys[0], Disposition.MISSED_DEFECT, "a crack")
    released, draft = station.limits.bench("plate", 1), station.limits.bench("plate", 2)
    assert (released.line.rescored, draft.line.rescored) == (0, PARTS)
    for name in ("scores", "highest", "largest_px", "labels", "keys"):
        both = (getattr(each.line.pictures, name).tolist() for each in (released, draft))
        assert next(both) == next(both)
    assert draft.line.since == released.line.since
    assert station.limits.picture(draft, draft.line.pictures[0], draft.view.limits).judged is None


local_processes_judge = local_processes.judge_batch


@pytest.mark.slow
def test_that_a_part_with_which_the_program_ends_is_named_and_all_others_are_judged(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, FEW)
    monkeypatch.setattr(local_processes, "judge_batch", _end_at_seven)
    monkeypatch.setattr(local_processes, "_TRIES", 2)
    monkeypatch.setattr(commands, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(commands, "_PARTS_OF_A_BATCH", 2)
    found = station.rescoring.rescore(replace(ORDER, processes=1))
    assert (found.figures.judged, found.figures.not_judged) == (FEW - 1, 1)
    (left,) = found.not_judged
    assert (left.key.part, left.cause) == (7, "The program that judged it ended 2 times.")


def wait_until_begun(station: Station, program: "subprocess.Popen[bytes]") -> None:
    """Wait until some parts are recorded: on a busy machine a program takes long to start."""
    deadline = time.monotonic() + 300
    while not rows_of(station) and program.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert rows_of(station)


def command(root: Path, *more: str) -> list[str]:
    words = ["rescore", "--workspace", str(root), "--recipe", "plate@2", "--against", "plate@1", *more]
    return [sys.executable, "-c", _WITH_THIS_PRIORITY, *words]


_WITH_THIS_PRIORITY = "import sys; from station.__main__ import main; sys.exit(main(sys.argv[1:]))"
"""A command of a person steps back behind a line; here a busy machine would let it wait for minutes."""


@pytest.mark.slow
def test_that_a_killed_rescore_goes_on_and_equals_one_that_was_not_killed(station: Station, tmp_path: Path) -> None:
    released, parts = station.recipes.find("plate").recipe, 2000
    add_draft(station, lax=True)
    store_parts(station, released, parts)
    expected = [_as_row(each) for each in judged_here(station)]
    with (tmp_path / "out.txt").open("wb") as out:
        program = subprocess.Popen(command(station.workspace.root), stdout=out, stderr=out)
    wait_until_begun(station, program)
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert 0 < len(rows_of(station)) < parts
    found = station.rescoring.rescore(ORDER)
    assert (found.figures.judged, found.figures.waiting) == (parts, 0)
    assert rows_of(station) == expected
    assert len(rows_of(station, "rescored_view")) == parts


@pytest.mark.slow
def test_that_ctrl_c_ends_a_rescore_in_order_and_says_how_to_go_on(station: Station) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station)
    store_parts(station, released, 2000)
    program = subprocess.Popen(command(station.workspace.root), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_begun(station, program)
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 130
    assert b"of 2000 parts were judged now. Give the same command again: it goes on." in errors
    assert b"Traceback" not in errors


def test_that_the_command_prints_every_flip_with_its_picture(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    released = station.recipes.find("plate").recipe
    add_draft(station, lax=True)
    store_parts(station, released, PARTS)
    arguments = command(station.workspace.root, "--json", "-", "--processes", "1")[3:]
    assert main(arguments) == 0
    *flips, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert (summary["judged"], summary["flips"]) == (PARTS, len(flips))
    assert summary["turns"] == {"FAIL to PASS": len(flips)}
    assert all((station.workspace.pictures / each["pictures"][0]).is_file() for each in flips)
    assert main([*command(station.workspace.root)[3:], "--since", "2030-01-01T00:00:00+00:00"]) == 1
    assert "No stored part was judged by both revisions." in capsys.readouterr().out
    assert main([*command(station.workspace.root)[3:7], "plate", "--against", "plate@1"]) == 2
    forget_models()
