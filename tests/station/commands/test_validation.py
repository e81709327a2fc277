"""A labelled set judged by a revision, expected against got, and the draft accepted by a person."""

import csv
import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from plant import OTHER_PIN, PIN

from station.app import Station
from station.domain.digest import sha256_of_file
from station.domain.errors import BadInputError
from station.domain.permissions import Role
from station.domain.recipe import Recipe, RecipeState
from station.domain.secret import Secret
from station.domain.signature import Consent, SignatureProof, UnvalidatedError
from station.domain.validation import FrozenSet, ValidatedPicture, Validation, why_unvalidated
from station.domain.verdict import Verdict
from station.learning.datasets import import_folder


@pytest.fixture
def labelled(tmp_path: Path, station: Station) -> Path:
    """The parts of the station: 1 and 4 have a defect; number 2 is put among the defects by mistake."""
    folder = tmp_path / "labelled"
    for number in range(6):
        home = folder / ("NG" if number in (1, 2, 4) else "OK")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "parts" / f"{number}.png", home)
    return folder


@pytest.fixture
def draft(station: Station) -> Recipe:
    return station.recipes.set_value("plate", 1, "limits.min_area_px", "1", "Ada", "dust").recipe


def test_that_each_verdict_is_kept_with_what_was_expected(station: Station, labelled: Path, draft: Recipe) -> None:
    validation = station.validation.validate(labelled, "plate", 2, person="Ada")
    assert station.validation.newest(draft) == {"": validation}
    assert (validation.escapes.count, validation.escapes.n) == (1, 3)
    assert (validation.overkill.count, validation.overkill.n) == (0, 3)
    assert [(Path(each.name).name, each.verdict) for each in validation.differing] == [("2.png", Verdict.PASS)]
    assert validation.words == "2 of 3 defects found, 0 of 3 good parts rejected"
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_a_set_with_synthetic_defects_is_refused(station: Station, labelled: Path, draft: Recipe) -> None:
    (labelled / "NG/synthetic-stain").mkdir()
    (labelled / "NG/1.png").rename(labelled / "NG/synthetic-stain/1.png")
    with pytest.raises(BadInputError, match=r"1 defect of .* is synthetic"):
        station.validation.validate(labelled, "plate", 2, person="Ada")
    assert station.validation.newest(draft) == {}


def test_that_a_validated_draft_names_the_person_the_reason_and_the_result(
    station: Station, labelled: Path, draft: Recipe
) -> None:
    with pytest.raises(BadInputError, match="No labelled set was judged"):
        station.validation.accept("plate", 2, "Ada", "one label is wrong")
    station.validation.validate(labelled, "plate", 2, person="Ada")
    entry = station.validation.accept("plate", 2, "Ada", "one label is wrong")
    assert entry.state is RecipeState.VALIDATED
    assert entry.change.reason == "one label is wrong (2 of 3 defects found, 0 of 3 good parts rejected)"
    assert station.recipes.release("plate", 2, "Ada", "good").state is RecipeState.RELEASED


def frozen(station: Station, labelled: Path, product: str = "Steel plate") -> Path:
    """Freeze the labelled parts, with number 2 where it belongs."""
    (labelled / "NG/2.png").rename(labelled / "OK/2.png")
    (labelled.parent / "sorted/test").mkdir(parents=True)
    for home, name in (("OK", "good"), ("NG", "dent")):
        (labelled / home).rename(labelled.parent / "sorted/test" / name)
    return import_folder(labelled.parent / "sorted", product, station.workspace.datasets).folder


def test_that_a_frozen_set_is_kept_with_its_hash_and_that_of_each_picture(
    station: Station, labelled: Path, draft: Recipe, tmp_path: Path
) -> None:
    folder = frozen(station, labelled)
    validation = station.validation.validate(folder, "plate", 2, person="Ada")
    assert validation.frozen == FrozenSet("Steel plate", folder.name, sha256_of_file(folder / "manifest.json"))
    assert validation.recipe_sha256 == draft.sha256
    assert all(each.sha256 == sha256_of_file(Path(each.name)) for each in validation.pictures)
    again = station.validation.validate(folder, "plate", 2, person="Bo")
    assert station.validation.all(draft) == (validation, again)
    path = station.validation.write_csv(station.validation.all(draft), tmp_path / "all.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert len(rows) == 2 * len(validation.pictures)
    assert {(row["expected"] == "good", row["got"], row["as_expected"]) for row in rows} == {
        (True, "PASS", "yes"), (False, "FAIL", "yes"),
    }  # fmt: skip


def test_that_a_frozen_set_with_a_changed_file_is_refused_by_its_name(station, labelled, draft) -> None:
    folder = frozen(station, labelled)
    picture = next(path for path in folder.rglob("*.png") if "good" in path.parts)
    picture.write_bytes(picture.read_bytes() + b"x")
    with pytest.raises(BadInputError, match=f"{picture.name} has changed since it was imported"):
        station.validation.validate(folder, "plate", 2, person="Ada")
    assert station.validation.all(draft) == ()


def test_that_a_release_waits_for_a_validation_if_the_settings_ask_for_it(station, labelled, draft) -> None:
    station.recipes._desk._needs_validation = True

    def refused(said: str) -> None:
        with pytest.raises(UnvalidatedError, match=said):
            station.recipes.release("plate", 2, "Ada", "go")
        assert said.split(".*", maxsplit=1)[0] in station.recipes.signing(draft).unvalidated

    refused("plate@2 was not validated")
    station.validation.validate(labelled, "plate", 2, person="Ada")
    refused("on a folder that may change")
    folder = frozen(station, labelled)
    station.validation.validate(folder, "plate", 2, person="Ada")
    assert station.recipes.signing(draft).unvalidated == ""
    other = station.recipes.set_value("plate", 2, "limits.min_area_px", "1000000", "Ada", "overkill").recipe
    station.validation.validate(folder, "plate", 3, person="Ada")
    assert "The validation of plate@3 says: 0 of 2 defects found" in station.recipes.signing(other).unvalidated
    assert station.recipes.release("plate", 2, "Ada", "go").state is RecipeState.RELEASED
    entry = station.recipes.release("plate", 3, "Ada", "go", consent=Consent(unvalidated="trial with 10 parts"))
    assert entry.change.reason == "go (without validation: trial with 10 parts)"
    assert station.recipes.roll_back("plate", "Ada", "worse").recipe.reason == "as plate@2: worse"


def test_that_a_set_without_defects_speaks_for_no_revision(draft: Recipe) -> None:
    picture = ValidatedPicture("a.png", "good", Verdict.PASS, 0.1)
    at, found = datetime(2026, 11, 28, tzinfo=UTC), FrozenSet(draft.product, "v", "a" * 64)
    good = Validation("plate", 2, "", "v", at, "Ada", (picture,), draft.sha256, found)
    assert "no defect in the set" in why_unvalidated(draft, {"": good})
    assert "was not validated" in why_unvalidated(draft, {"": replace(good, recipe_sha256="b" * 64)})
    screws = replace(good, frozen=replace(found, product="screws"))
    assert "validated on parts of 'screws', another product" in why_unvalidated(draft, {"": screws})


def test_that_a_roll_back_that_waits_is_asked_about_as_the_revision_that_it_makes_again(
    station: Station, labelled: Path, draft: Recipe
) -> None:
    station.validation.validate(frozen(station, labelled), "plate", 2, person="Ada")
    for name, pin in (("Anna", PIN), ("Ben", OTHER_PIN)):
        station.people.add(name, {Role.ENGINEER, Role.SUPERVISOR}, Secret(pin), reason="set-up", person="Anna")
    station.recipes._desk._needs_validation, station.recipes._desk._needed = True, 2
    for name, pin in (("Anna", PIN), ("Ben", OTHER_PIN)):
        assert station.recipes.signing(draft, again=True).unvalidated == ""
        consent = Consent(SignatureProof(Secret(pin)))
        entry = station.recipes.release_again("plate", 2, name, "worse", consent=consent)
    assert entry.state is RecipeState.RELEASED


def test_that_each_view_needs_its_own_validation(station: Station, labelled: Path, duo: Recipe) -> None:
    station.recipes.set_value("duo", 1, "top.limits.min_area_px", "1", "Ada", "dust")
    station.validation.validate(labelled, "duo", 2, view="top", person="Ada")
    with pytest.raises(BadInputError, match=r"judged by 'side' of duo@2"):
        station.validation.accept("duo", 2, "Ada", "good")
    station.validation.validate(labelled, "duo", 2, view="side", person="Ada")
    assert station.validation.accept("duo", 2, "Ada", "good").state is RecipeState.VALIDATED


def test_that_a_revision_with_another_region_is_not_validated(station: Station, labelled: Path) -> None:
    station.recipes.set_value("plate", 1, "roi", "0,0,64,64", "Ada", "closer")
    with pytest.raises(BadInputError, match="not the one that its model was taught on"):
        station.validation.validate(labelled, "plate", 2, person="Ada")
    with pytest.raises(BadInputError, match="No person"):
        station.validation.validate(labelled, "plate", 1, person=" ")


@pytest.mark.parametrize(
    ("kind", "verdict", "expected"),
    [
        ("good", Verdict.PASS, True),
        ("good", Verdict.REVIEW, False),
        ("good", Verdict.NOT_INSPECTED, False),
        ("scratch", Verdict.FAIL, True),
        ("scratch", Verdict.REVIEW, True),
        ("scratch", Verdict.PASS, False),
        ("scratch", Verdict.NOT_INSPECTED, False),
    ],
)
def test_that_a_picture_that_was_not_inspected_is_never_as_expected(kind, verdict, expected) -> None:
    assert ValidatedPicture("a.png", kind, verdict, None).as_expected is expected
