"""What `verify` finds, and what it lets pass."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from behind import SQLITE_ALONE, alter
from view_result import view_result

from station.domain.errors import ModelError
from station.domain.inspection import Inspection, PartKey, Run, ViewInspection
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.shift import StoredPicture
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.recipes.recipes import Recipes
from station.storage.records import integrity
from station.storage.records.given_up import GivenUpPictures, Worth
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Finding, Severity, remove_leftovers, verify_records

Make = Callable[..., Inspection]
See = Callable[..., ViewInspection]
THUMBNAIL = np.full((24, 32), 90, np.uint8)


class Models:
    """Finds every package that is not said to be broken."""

    def __init__(self) -> None:
        self.broken: set[str] = set()

    def __call__(self, model: ModelReference) -> None:
        if model.name in self.broken:
            raise ModelError(f"The model package '{model.name}' is broken.", "Teach again.")


@pytest.fixture
def models() -> Models:
    return Models()


@pytest.fixture
def picture(inspections: Inspections, part: Make) -> StoredPicture:
    """The thumbnail of the run's first part."""
    stored = inspections.record_part(part(1), [view_result(thumbnail=THUMBNAIL)], keep_picture=False).deciding.thumbnail
    assert stored is not None
    return stored


def _with_model(database: Database, noon: datetime, name: str = "bottle") -> Recipe:
    """A recipe of one view without a name."""
    recipe = Recipe(name, 1, name, (View(ModelReference("tile-model", "0" * 64)),))
    Recipes(database).add_revision(recipe, RecipeState.RELEASED, noon)
    return recipe


def test_that_untouched_records_are_clean(
    database: Database, pictures: PictureStore, models: Models, picture: StoredPicture, noon: datetime
) -> None:
    _with_model(database, noon)
    assert verify_records(database, pictures, models) == ()


def test_that_a_missing_picture_is_an_error(
    database: Database, pictures: PictureStore, models: Models, picture: StoredPicture
) -> None:
    pictures.path_of(picture).unlink()
    (finding,) = verify_records(database, pictures, models)
    assert (finding.severity, finding.where, finding.sentence[-7:]) == (Severity.ERROR, picture.path, "missing")


def test_that_one_changed_byte_of_a_picture_is_an_error(
    database: Database, pictures: PictureStore, models: Models, picture: StoredPicture
) -> None:
    content = bytearray(pictures.path_of(picture).read_bytes())
    content[len(content) // 2] ^= 1
    pictures.path_of(picture).write_bytes(content)
    (finding,) = verify_records(database, pictures, models)
    assert (finding.severity, finding.where) == (Severity.ERROR, picture.path)
    assert "changed" in finding.sentence


def test_that_leftovers_of_a_power_cut_are_information(
    database: Database, pictures: PictureStore, models: Models, picture: StoredPicture
) -> None:
    recorded = pictures.path_of(picture)
    recorded.with_name("0002-aaaaaaaa.png").write_bytes(b"whole, without a row")
    recorded.with_name("0003-bbbbbbbb.png.tmp").write_bytes(b"half")
    findings = verify_records(database, pictures, models)
    assert [f.severity for f in findings] == [Severity.INFORMATION] * 2
    assert ["belongs to no record" in f.sentence for f in findings] == [True, False]


def test_that_a_part_recorded_during_verification_is_not_a_finding(
    database: Database, pictures: PictureStore, models: Models, inspections: Inspections, part: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    inspections.record_part(part(1), [view_result(thumbnail=THUMBNAIL)], keep_picture=False)
    listed = pictures.all_files

    def listed_before_the_next_part() -> Iterator[str]:
        files = tuple(listed())
        inspections.record_part(part(2), [view_result(thumbnail=THUMBNAIL)], keep_picture=False)
        return iter(files)

    monkeypatch.setattr(pictures, "all_files", listed_before_the_next_part)
    assert verify_records(database, pictures, models) == ()


def test_that_the_leftovers_of_a_power_cut_are_removed_and_nothing_else(
    database: Database, pictures: PictureStore, models: Models, picture: StoredPicture, run: Run
) -> None:
    stray = pictures.path_of(picture).with_name("0002-aaaaaaaa.png.tmp")
    stray.write_bytes(b"half")
    other_run = pictures.folder / "2026-11-22" / "run-000009" / "0001-cccccccc.png"
    other_run.parent.mkdir()
    other_run.write_bytes(b"of a run that another program records")
    assert remove_leftovers(database, pictures, run.run_id) == (stray.relative_to(pictures.folder).as_posix(),)
    assert pictures.path_of(picture).exists()
    assert other_run.exists()


def test_that_a_gap_in_the_part_numbers_is_an_error(
    database: Database,
    pictures: PictureStore,
    models: Models,
    inspections: Inspections,
    part: Make,
) -> None:
    for number in (1, 2, 5):
        inspections.record_part(part(number), [view_result()], keep_picture=False)
    (finding,) = verify_records(database, pictures, models)
    assert (finding.where, finding.sentence) == ("run 1", "2 of the parts up to 5 have no record")


@SQLITE_ALONE
def test_that_a_row_without_its_part_is_an_error(database: Database, pictures: PictureStore, models: Models) -> None:
    alter(database, "INSERT INTO region VALUES (9, 9, 0, 0, 1, 1, 1, 1, 1, 0.5, 'centre')")
    assert "belongs to no part_view" in verify_records(database, pictures, models)[0].sentence


def test_that_a_recipe_changed_by_another_program_is_an_error(
    database: Database, pictures: PictureStore, models: Models, noon: datetime
) -> None:
    _with_model(database, noon)
    alter(
        database, """UPDATE recipe SET content = replace(content, '"image_threshold":0.5', '"image_threshold":0.9')"""
    )
    (finding,) = verify_records(database, pictures, models)
    assert (finding.where, finding.sentence) == ("bottle@1", "the recipe was changed after it was made")


def test_that_parts_judged_by_other_content_are_an_error(
    database: Database, pictures: PictureStore, models: Models, run: Run, noon: datetime
) -> None:
    _with_model(database, noon, name=run.recipe_name)
    assert "judged by other content" in verify_records(database, pictures, models)[0].sentence


def test_that_each_view_of_a_part_has_its_pictures_checked(
    database: Database, pictures: PictureStore, models: Models, inspections: Inspections, part: Make, view: See
) -> None:
    seen = part(1, views=[view("top"), view("side")])
    stored = inspections.record_part(seen, [view_result(thumbnail=THUMBNAIL)] * 2, keep_picture=False).views
    assert verify_records(database, pictures, models) == ()
    pictures.path_of(stored[1].thumbnail).unlink()
    (finding,) = verify_records(database, pictures, models)
    assert (finding.severity, finding.where) == (Severity.ERROR, stored[1].thumbnail.path)


@pytest.mark.parametrize(
    ("altered", "expected"),
    [
        ("UPDATE part SET verdict = 'PASS'", "it is PASS, but the worst of its views is FAIL"),
        ("UPDATE part SET verdict = 'NOT_INSPECTED'", "it is NOT INSPECTED, but the worst of its views is FAIL"),
        ("DELETE FROM region; DELETE FROM part_view WHERE verdict = 'FAIL'", "the worst of its views is NOT INSPECTED"),
        ("DELETE FROM region; DELETE FROM part_view", "it is FAIL, but no view of it has a record"),
    ],
)
def test_that_a_verdict_that_is_not_the_worst_of_its_views_is_an_error(
    database: Database, pictures: PictureStore, models: Models, inspections: Inspections, part: Make, view: See,
    altered: str, expected: str,
) -> None:  # fmt: skip
    seen = part(1, views=[view("top", Verdict.NOT_INSPECTED), view("side", Verdict.FAIL), view("back")])
    inspections.record_part(seen, [view_result()] * 3, keep_picture=False)
    assert verify_records(database, pictures, models) == ()
    for statement in altered.split("; "):
        alter(database, statement)
    (finding,) = verify_records(database, pictures, models)
    assert (finding.severity, finding.where) == (Severity.ERROR, "part 0001 of run 1")
    assert expected in finding.sentence


@pytest.fixture
def seen_twice(inspections: Inspections, database: Database, models: Models, noon: datetime, view: See) -> Recipe:
    """A recipe of the views top and side; run 1 has twelve parts of it, run 2 one."""
    model = _with_model(database, noon).views[0].model
    recipe = Recipe("duo", 1, "duo", (View(model, "top"), View(model, "side")))
    Recipes(database).add_revision(recipe, RecipeState.RELEASED, noon)
    for parts in (12, 1):
        run = inspections.begin_run(recipe, camera="two", program_version="0.1", person="Ada", started_at=noon)
        for number in range(1, parts + 1):
            part = Inspection(PartKey(run.run_id, number), noon, (view("top"), view("side")))
            inspections.record_part(part, [view_result()] * 2, keep_picture=False)
    return recipe


@pytest.mark.parametrize(
    ("altered", "where", "expected"),
    [
        ("DELETE FROM part_view WHERE run_id = 2 AND view = 1", "run 2", "part 0001: recorded with 'top', but"),
        ("DELETE FROM part_view WHERE run_id = 2 AND view = 0", "run 2", "part 0001: recorded with none, 'side', but"),
        ("UPDATE part_view SET name = 'Top' WHERE number = 7 AND view = 0", "run 1", "part 0007: recorded with 'Top',"),
        ("UPDATE part_view SET name = 'top' WHERE number IN (3, 9)", "run 1", "parts 0003, 0009: recorded with 'top', "
                                                                              "'top', but duo@1 sees 'top', 'side'"),
        ("UPDATE part_view SET name = CASE view WHEN 0 THEN 'side' ELSE 'top' END WHERE number = 5", "run 1",
         "part 0005: recorded with 'side', 'top', but"),
        ("UPDATE part_view SET view = 2 WHERE run_id = 2 AND view = 1", "run 2", "recorded with 'top', none, 'side'"),
        ("UPDATE part_view SET name = '' WHERE run_id = 2 AND view = 0", "run 2", "one view without a name, 'side', b"),
        ("INSERT INTO part_view SELECT run_id, number, 2, 'back', verdict, reason, origin, elapsed_ms, cause, "
         "pred_score, raw_score, image_threshold, frame_id, camera_timestamp_ns, width, height, conversion, "
         "review_threshold, judged_again, leaves_picture FROM part_view WHERE run_id = 2 AND view = 1", "run 2",
         "recorded with 'top', 'side', 'back', but"),
        ("DELETE FROM part_view WHERE run_id = 1 AND view = 1", "run 1", "0009, 0010 and 2 more: recorded with 'top',"),
    ],
)  # fmt: skip
def test_that_views_other_than_the_recipes_are_an_error(
    database: Database, pictures: PictureStore, models: Models, seen_twice: Recipe, altered: str, where: str,
    expected: str,
) -> None:  # fmt: skip
    assert verify_records(database, pictures, models) == ()
    alter(database, altered)
    (finding,) = verify_records(database, pictures, models)
    assert (finding.severity, finding.where) == (Severity.ERROR, where)
    assert expected in finding.sentence


def test_that_parts_of_one_view_without_a_name_are_clean_and_one_that_got_a_name_is_not(
    database: Database, pictures: PictureStore, models: Models, inspections: Inspections, noon: datetime, view: See
) -> None:
    _with_model(database, noon)
    run = inspections.begin_run(
        Recipes(database).find_revision("bottle").recipe,
        camera="one",
        program_version="0.1",
        person="Ada",
        started_at=noon,
    )
    for number in (1, 2):
        part = Inspection(PartKey(run.run_id, number), noon, (view(),))
        inspections.record_part(part, [view_result()], keep_picture=False)
    assert verify_records(database, pictures, models) == ()
    alter(database, "UPDATE part_view SET name = 'top' WHERE number = 2")
    (finding,) = verify_records(database, pictures, models)
    assert finding.sentence == "part 0002: recorded with 'top', but bottle@1 sees one view without a name"


def test_that_every_combination_of_verdicts_is_clean(
    database: Database, pictures: PictureStore, models: Models, inspections: Inspections, part: Make, view: See
) -> None:
    for number, verdicts in enumerate(product(Verdict, repeat=2), 1):
        views = [view(name, verdict) for name, verdict in zip(("top", "side"), verdicts, strict=True)]
        inspections.record_part(part(number, views=views), [view_result()] * 2, keep_picture=False)
    assert verify_records(database, pictures, models) == ()


def test_that_a_broken_model_is_an_error_with_the_advice_of_its_own_room(
    database: Database, pictures: PictureStore, models: Models, noon: datetime
) -> None:
    _with_model(database, noon)
    models.broken.add("tile-model")
    assert verify_records(database, pictures, models) == (
        Finding(Severity.ERROR, "bottle@1", "The model package 'tile-model' is broken.", "Teach again."),
    )


@pytest.mark.parametrize("views", [("side",), ("top", "side")])
def test_that_the_model_of_every_view_is_checked_and_each_fault_reported_once(
    database: Database, pictures: PictureStore, models: Models, noon: datetime, views: tuple[str, ...]
) -> None:
    model = _with_model(database, noon).views[0].model
    others = tuple(View(replace(model, name="other"), name) for name in ("back", "left"))
    whole = Recipe("ring", 1, "ring", (*others, *(View(model, name) for name in views)))
    Recipes(database).add_revision(whole, RecipeState.DRAFT, noon)
    assert verify_records(database, pictures, models) == ()
    models.broken.add("tile-model")
    assert sorted(finding.where for finding in verify_records(database, pictures, models)) == ["bottle@1", "ring@1"]


def test_that_a_picture_that_is_given_up_while_it_is_verified_is_not_missing(
    database: Database, inspections: Inspections, picture: StoredPicture, noon: datetime, monkeypatch
) -> None:
    sha256_of = integrity._sha256

    def after_it_went(path: Path) -> str | None:
        GivenUpPictures(database, inspections.pictures).give_up(Worth.SMALL, "old", noon, PartKey(0, 0))
        return sha256_of(path)

    monkeypatch.setattr(integrity, "_sha256", after_it_went)
    assert verify_records(database, inspections.pictures, lambda _: None) == ()
    assert not inspections.pictures.path_of(picture).exists()
