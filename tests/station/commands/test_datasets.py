"""Working sets through their commands: import, label, mask, freeze."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from station.app import Station
from station.domain.dataset import Added, DatasetCounts, DatasetFilter, ItemLabel, Label
from station.domain.errors import BadInputError, StorageError
from station.domain.permissions import PermissionRefusedError, Role
from station.learning.datasets import load_dataset, require_unchanged
from station.learning.manifest import read_manifest

SIDE = 64


def draw(seed: int, spot: bool = False) -> np.ndarray:
    """A plate of its own texture; a dark spot is its defect."""
    noise = np.random.default_rng(seed).normal(0, 30, (SIDE // 4, SIDE // 4))
    image = 128 + cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    if spot:
        image[20:30, 24:40] = 10
    return np.clip(image, 0, 255).astype(np.uint8)


def write(path: Path, image: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """12 good plates to learn from, 3 to measure with; 4 with a spot, masked."""
    root = tmp_path / "plates"
    for number in range(12):
        write(root / f"train/good/{number:03}.png", draw(number))
    for number in range(3):
        write(root / f"test/good/{number:03}.png", draw(100 + number))
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[20:30, 24:40] = 255
    for number in range(4):
        write(root / f"test/spot/{number:03}.png", draw(200 + number, spot=True))
        write(root / f"ground_truth/spot/{number:03}_mask.png", mask)
    return root


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with Station.open(tmp_path / "station") as opened:
        yield opened


@pytest.mark.slow
def test_that_an_import_keeps_labels_masks_and_the_files_as_they_came(station: Station, folder: Path) -> None:
    added = station.datasets.import_folder(folder, "plate", person="Ada")

    items = station.datasets.items("plate")
    assert len(added.item_ids) == len(items) == 19
    assert DatasetCounts.of(items) == DatasetCounts(15, 4, 0, {"spot": 4})
    assert "12 good from train/good, to learn from" in added.notes
    spot = next(item for item in items if item.label is Label.DEFECT)
    assert (spot.labelled_by, spot.name, spot.split) == ("Ada", "000.png", "test")
    mask = station.datasets.mask(spot.item_id)
    assert mask is not None
    assert np.array_equal(np.unique(mask), [0, station.datasets.kinds("plate")[0].number])
    assert np.array_equal(station.datasets.picture(spot.item_id), draw(200, spot=True))
    kept = {path.read_bytes() for path in (station.workspace.datasets / "plate/items/pictures").rglob("*.png")}
    assert kept == {path.read_bytes() for path in folder.rglob("*.png") if "ground_truth" not in path.parts}


@pytest.mark.slow
def test_that_a_second_import_adds_nothing_twice(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    before = station.datasets.items("plate")

    again = station.datasets.import_folder(folder, "plate")

    assert (again.item_ids, again.already_there) == ((), 19)
    assert station.datasets.items("plate") == before


@pytest.mark.slow
def test_that_labels_of_a_later_import_reach_pictures_that_were_there_without_one(
    station: Station, folder: Path, tmp_path: Path
) -> None:
    for number in range(4):
        write(tmp_path / f"night/{number}.png", draw(200 + number, spot=True))
    station.datasets.import_folder(tmp_path / "night", "plate")
    unsure = station.datasets.items("plate")[3].item_id
    station.datasets.label([unsure], Label.UNLABELLED)

    added = station.datasets.import_folder(folder, "plate", person="Ada")

    items = station.datasets.items("plate")
    assert [item.label for item in items[:4]] == [Label.DEFECT] * 3 + [Label.UNLABELLED]
    assert all(item.kind == "spot" and item.mask_sha256 and item.labelled_by == "Ada" for item in items[:3])
    assert added.already_there == 4
    assert "3 pictures that were there already have a label now" in added.notes


@pytest.mark.slow
def test_that_a_label_that_a_person_gave_stays_and_a_contradicting_import_is_named(
    station: Station, folder: Path
) -> None:
    station.datasets.import_folder(folder, "plate")
    spot = next(item for item in station.datasets.items("plate") if item.label is Label.DEFECT)
    station.datasets.label([spot.item_id], Label.GOOD, person="Ada")

    again = station.datasets.import_folder(folder, "plate")

    assert station.datasets.item(spot.item_id).label is Label.GOOD
    assert again.notes[-1] == "left out, labels that contradict: 000.png is good already, and spot here"


def test_that_a_picture_that_an_import_calls_good_and_a_defect_is_not_learned_as_good(
    station: Station, tmp_path: Path
) -> None:
    for number in range(6):
        write(tmp_path / f"plates/OK/{number}.png", draw(number))
    write(tmp_path / "plates/OK/odd.png", draw(9, spot=True))
    write(tmp_path / "plates/NG/odd.png", draw(9, spot=True))

    added = station.datasets.import_folder(tmp_path / "plates", "plate")

    (odd,) = (item for item in station.datasets.items("plate") if item.name == "odd.png")
    assert odd.label is Label.UNLABELLED
    assert "odd.png is among the good parts and among the defects, and stays unlabelled" in added.notes[-1]


@pytest.mark.slow
def test_that_the_split_of_the_folder_is_kept(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    splits = [item.split for item in station.datasets.items("plate") if item.label is Label.GOOD]
    assert (splits.count("train"), splits.count("test")) == (12, 3)


def test_that_pictures_of_which_nothing_is_said_stay_unlabelled(station: Station, tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path / f"today/{number}.png", draw(number))

    added = station.datasets.import_folder(tmp_path / "today", "plate")

    assert {item.label for item in station.datasets.items("plate")} == {Label.UNLABELLED}
    assert added.notes == ("6 pictures from the folder itself", "nothing says what they are")


def test_that_single_files_come_in_with_their_masks(station: Station, tmp_path: Path) -> None:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[3:9, 3:9] = 255
    files = [write(tmp_path / "some/a.png", draw(1)), write(tmp_path / "some/a_mask.png", mask)]
    write(tmp_path / "some/b.png", draw(2))
    (tmp_path / "some/notes.txt").write_text("no picture")

    added = station.datasets.import_folder([*files, tmp_path / "some/notes.txt"], "plate")

    (item,) = station.datasets.items("plate")
    assert (item.name, item.label, item.kind) == ("a.png", Label.DEFECT, "defect")
    assert np.array_equal(station.datasets.mask(item.item_id), mask // 255)
    assert "left out, not pictures of parts: notes.txt" in added.notes


@pytest.mark.slow
def test_that_a_broken_picture_is_named_and_all_others_come_in(station: Station, folder: Path) -> None:
    (folder / "train/good/005.png").write_bytes((folder / "train/good/005.png").read_bytes()[:300])

    added = station.datasets.import_folder(folder, "plate")

    assert len(added.item_ids) == 18
    assert any(note.startswith("left out: ") and "005.png" in note for note in added.notes)


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_that_a_folder_without_pictures_is_refused(station: Station, tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInputError):
        station.datasets.import_folder(tmp_path / place, "plate")
    assert station.datasets.items("plate") == ()


@pytest.mark.slow
def test_that_labels_have_a_history_and_the_newest_counts(station: Station, folder: Path) -> None:
    ids = station.datasets.import_folder(folder, "plate", person="Ada").item_ids[:2]

    station.datasets.label(ids, Label.DEFECT, "crack", person="Ben")
    station.datasets.label(ids[:1], Label.UNLABELLED, person="Cem")

    first, second = (station.datasets.item(each) for each in ids)
    assert (first.label, first.kind, first.labelled_by) == (Label.UNLABELLED, "", "Cem")
    assert (second.label, second.kind, second.labelled_by) == (Label.DEFECT, "crack", "Ben")
    said = [(change.label, change.person) for change in station.datasets.history(ids[0])]
    assert said[1:] == [(Label.DEFECT, "Ben"), (Label.UNLABELLED, "Cem")]
    assert [kind.name for kind in station.datasets.kinds("plate")] == ["spot", "crack"]


def test_that_a_kind_is_the_same_in_any_case_of_letters_and_never_good(station: Station) -> None:
    assert station.datasets.add_kind("plate", "Scratch") == station.datasets.add_kind("plate", " scratch ")
    for bad in ("good", "OK", "gut", "ground_truth", "train", "test", "a/b", "x" * 41, ".hidden"):
        with pytest.raises(BadInputError):
            station.datasets.add_kind("plate", bad)


def test_that_labelling_a_picture_that_is_not_there_changes_nothing(station: Station, folder: Path) -> None:
    ids = station.datasets.import_folder(folder, "plate").item_ids
    before = station.datasets.items("plate")
    with pytest.raises(BadInputError):
        station.datasets.label([ids[0], 999], Label.DEFECT)
    assert station.datasets.items("plate") == before


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mask=arrays(np.uint8, (SIDE, SIDE), elements=st.sampled_from([0, 1, 2])))
def test_that_a_mask_reads_back_bit_for_bit_also_after_a_restart(station: Station, mask: np.ndarray) -> None:
    path = station.workspace.root.parent / "one/a.png"
    item_id = (
        station.datasets.import_folder(write(path, draw(1)), "plate").item_ids
        or [station.datasets.items("plate")[0].item_id]
    )[0]
    for kind in ("one", "two"):
        station.datasets.add_kind("plate", kind)

    saved = station.datasets.save_mask(item_id, mask)

    with Station.open(station.workspace.root) as other:
        found = other.datasets.mask(item_id)
        assert other.datasets.item(item_id) == saved
    assert (found is None) if not mask.any() else np.array_equal(found, mask)


def test_that_an_empty_mask_leaves_what_was_said_apart_from_the_marks(station: Station, folder: Path) -> None:
    item_id = station.datasets.import_folder(folder, "plate").item_ids[0]
    station.datasets.label((item_id,), Label.UNLABELLED)
    station.datasets.add_kind("plate", "dent")
    empty, marked = np.zeros((SIDE, SIDE), np.uint8), np.ones((SIDE, SIDE), np.uint8)

    def erased() -> tuple[Label, str]:
        station.datasets.save_mask(item_id, marked)
        item = station.datasets.save_mask(item_id, empty)
        return item.label, item.kind

    assert erased() == (Label.UNLABELLED, "")
    station.datasets.label((item_id,), Label.GOOD)
    assert erased() == (Label.GOOD, "")
    station.datasets.save_mask(item_id, marked)
    station.datasets.label((item_id,), Label.DEFECT, "dent")
    assert erased() == (Label.DEFECT, "dent"), "a person said so while it was marked"
    before = station.datasets.history(item_id)
    station.datasets.save_mask(item_id, empty)
    assert station.datasets.history(item_id) == before, "nothing changed, so nothing is added"


def test_that_what_is_marked_is_a_defect_whatever_is_said(station: Station, folder: Path) -> None:
    item_id = station.datasets.import_folder(folder, "plate").item_ids[0]
    kinds = [station.datasets.add_kind("plate", name).name for name in ("dent", "scratch")]
    number = next(kind.number for kind in station.datasets.kinds("plate") if kind.name == "dent")
    mask = np.full((SIDE, SIDE), number, np.uint8)
    for said, kind in (
        (ItemLabel(Label.GOOD), "dent"),
        (ItemLabel(), "dent"),
        (ItemLabel(Label.DEFECT, "unknown"), "dent"),
        (ItemLabel(Label.DEFECT, kinds[1]), "scratch"),
    ):
        item = station.datasets.save_mask(item_id, mask, said=said)
        assert (item.label, item.kind) == (Label.DEFECT, kind)


def test_that_a_label_that_came_with_an_imported_mask_stays_without_it(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    masked = next(item for item in station.datasets.items("plate") if item.mask_sha256)
    item = station.datasets.save_mask(masked.item_id, np.zeros((SIDE, SIDE), np.uint8))
    assert (item.label, item.kind, item.mask_sha256) == (Label.DEFECT, masked.kind, "")


def test_that_a_mask_that_does_not_fit_is_refused(station: Station, folder: Path) -> None:
    item_id = station.datasets.import_folder(folder, "plate").item_ids[0]
    for mask in (np.ones((3, 3), np.uint8), np.ones((SIDE, SIDE), np.bool_), np.full((SIDE, SIDE), 7, np.uint8)):
        with pytest.raises(BadInputError):
            station.datasets.save_mask(item_id, mask)
    assert station.datasets.mask(item_id) is None


def test_that_freezing_twice_gives_the_same_version_and_it_never_changes(station: Station, folder: Path) -> None:
    ids = station.datasets.import_folder(folder, "plate").item_ids
    first = station.datasets.freeze("plate", person="Ada")
    content = {path: path.read_bytes() for path in (station.workspace.datasets / "plate" / first.version).rglob("*.*")}

    assert station.datasets.freeze("plate", person="Ben") == first
    station.datasets.label(ids[:1], Label.DEFECT, "crack")
    second = station.datasets.freeze("plate")

    assert second.version != first.version
    assert {path: path.read_bytes() for path in content} == content
    assert [each.version for each in station.datasets.versions("plate")] == [second.version, first.version]
    assert (first.good, first.defects, first.learned, first.frozen_by) == (15, 4, 12, "Ada")


def test_that_a_frozen_version_holds_the_pictures_and_what_was_marked(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    frozen = station.datasets.freeze("plate")

    version = load_dataset(station.workspace.datasets / "plate" / frozen.version)
    require_unchanged(version)
    assert len(version.pictures_of("train")) == 12
    assert sum(bool(picture.masks) for picture in version.pictures) == 4
    assert all(entry.mask_sha256 for entry in read_manifest(version.folder).pictures if entry.kind == "spot")


def test_that_a_changed_picture_is_not_frozen(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    path = next((station.workspace.datasets / "plate/items/pictures").rglob("*.png"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BadInputError, match="was changed"):
        station.datasets.freeze("plate")
    assert station.datasets.versions("plate") == ()


def test_that_a_missing_picture_says_so_and_a_missing_thumbnail_is_made_again(station: Station, folder: Path) -> None:
    item_id = station.datasets.import_folder(folder, "plate").item_ids[0]
    before = station.datasets.thumbnail(station.datasets.item(item_id))
    for path in (station.workspace.datasets / "plate/items/small").rglob("*.jpg"):
        path.write_bytes(b"")
    assert np.array_equal(station.datasets.thumbnail(station.datasets.item(item_id)), before)
    for path in (station.workspace.datasets / "plate/items/pictures").rglob("*.png"):
        path.unlink()
    with pytest.raises(StorageError):
        station.datasets.picture(item_id)


def test_that_near_repeats_have_one_group_and_one_split(station: Station, tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path / f"day/a{number:02}.png", draw(number))
        if number % 3 == 0:
            write(tmp_path / f"day/b{number:02}.jpg", np.clip(draw(number) * 1.02, 0, 255).astype(np.uint8))

    station.datasets.import_folder(tmp_path / "day", "plate", assumed=Label.GOOD)

    items = {item.name: item for item in station.datasets.items("plate")}
    groups = {name: item.group for name, item in items.items()}
    assert len(set(groups.values())) == 12
    for number in range(0, 12, 3):
        assert groups[f"a{number:02}.png"] == groups[f"b{number:02}.jpg"]
        assert items[f"a{number:02}.png"].split == items[f"b{number:02}.jpg"].split


def test_that_a_later_picture_changes_the_split_of_none(station: Station, tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path / f"{number // 20}/{number:02}.png", draw(number))
    station.datasets.import_folder(tmp_path / "0", "plate", assumed=Label.GOOD)
    before = {item.item_id: item.split for item in station.datasets.items("plate")}

    station.datasets.import_folder(tmp_path / "1", "plate", assumed=Label.GOOD)

    after = {item.item_id: item.split for item in station.datasets.items("plate")}
    assert {each: after[each] for each in before} == before
    assert set(after.values()) == {"train", "test"}


def test_that_pictures_are_counted_by_their_present_label_without_reading_them(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate", person="Ada")
    first, second = (item.item_id for item in station.datasets.items("plate")[:2])
    station.datasets.label([first], Label.UNLABELLED)
    station.datasets.label([second], Label.DEFECT)
    station.datasets.label([second], Label.GOOD)
    station.datasets.import_folder(write(folder.parent / "new.png", draw(300)), "plate")
    for label in Label:
        items = station.datasets.items("plate", "", DatasetFilter(label=label))
        assert station.datasets.count("plate", "", label) == len(items) > 0
    assert station.datasets.count("cookie", "", Label.GOOD) == 0


def test_that_items_are_found_by_label_kind_and_split(station: Station, folder: Path) -> None:
    station.datasets.import_folder(folder, "plate")
    find = station.datasets.items
    assert len(find("plate", "", DatasetFilter(label=Label.DEFECT))) == 4
    assert len(find("plate", "", DatasetFilter(kind="spot", only_masked=True))) == 4
    assert len(find("plate", "", DatasetFilter(label=Label.GOOD, split="test"))) == 3
    assert find("plate", "", DatasetFilter(score_from=0.1)) == ()
    assert find("plate", "side") == ()


def test_that_an_operator_may_look_and_change_nothing(station: Station, folder: Path) -> None:
    item_id = station.datasets.import_folder(folder, "plate").item_ids[0]
    operator = station.acting_as(Role.OPERATOR).datasets
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for deed in (
        lambda: operator.import_folder(folder, "plate"),
        lambda: operator.label([item_id], Label.GOOD),
        lambda: operator.save_mask(item_id, mask),
        lambda: operator.add_kind("plate", "x"),
        lambda: operator.freeze("plate"),
    ):
        with pytest.raises(PermissionRefusedError):
            deed()
    assert operator.items("plate")
    assert station.acting_as(Role.ENGINEER, signature="Eve").datasets.import_folder(folder, "plate") == Added(
        (), 19, station.datasets.import_folder(folder, "plate").notes
    )
