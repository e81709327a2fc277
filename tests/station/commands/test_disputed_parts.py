"""Parts that a person called a missed defect are learned, if it is known what they look like."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station.app import Station
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection
from station.domain.verdict import Verdict
from station.learning.layout.labelled import Reading
from station.learning.presets import UseOfDefects
from station.storage.records.feedback import FeedbackRecords

_LEARNED = UseOfDefects(learned=True)


@pytest.fixture
def inspected(station: Station) -> Station:
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    return station


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    good = tmp_path / "to teach" / "good"
    good.mkdir(parents=True)
    cv2.imwrite(str(good / "1.png"), picture)
    return good.parent


def say(station: Station, part: Inspection, *claims: Disposition) -> None:
    records = FeedbackRecords(station._core.database)
    for claim in claims:
        records.add(OperatorFeedback(part.key, claim, "", "Ada", utc_now()))


def read(station: Station, folder: Path, product: str = "plate", use: UseOfDefects = _LEARNED) -> Reading:
    return station.learning.read_to_teach(folder, product, use=use)


def missed(reading: Reading) -> list[str]:
    return [picture.name for picture in reading.pictures if picture.kind == "missed defect"]


def noted(reading: Reading, beginning: str) -> bool:
    return any(note.startswith(beginning) for note in reading.notes)


def part_with(station: Station, verdict: Verdict) -> Inspection:
    return next(part for part in station.records.recent() if part.verdict is verdict)


def test_that_a_missed_defect_is_a_labelled_defect_with_its_whole_picture(inspected: Station, folder: Path) -> None:
    part = part_with(inspected, Verdict.FAIL)
    say(inspected, part, Disposition.MISSED_DEFECT)
    reading = read(inspected, folder)
    assert missed(reading) == [f"test/missed defect/run{part.key.run_id:06}-part{part.key.part:06}.png"]
    assert "1 missed defect from the records of this station, to measure with" in reading.sentences()
    (picture,) = [picture for picture in reading.pictures if picture.kind == "missed defect"]
    assert picture.path.is_file()
    assert not picture.masks


def test_that_the_last_word_of_a_person_counts(inspected: Station, folder: Path) -> None:
    say(inspected, part_with(inspected, Verdict.FAIL), Disposition.MISSED_DEFECT, Disposition.GOOD_PART)
    assert missed(read(inspected, folder)) == []


def test_that_a_failed_part_called_good_is_not_learned_and_that_this_is_said(inspected: Station, folder: Path) -> None:
    say(inspected, part_with(inspected, Verdict.FAIL), Disposition.GOOD_PART)
    reading = read(inspected, folder)
    assert len(reading.pictures) == 1
    assert any(
        note.startswith("parts in the records that a person called good: 1, not learned") for note in reading.notes
    )


def test_that_a_part_whose_picture_was_not_kept_is_said_to_be_left_out(inspected: Station, folder: Path) -> None:
    say(inspected, part_with(inspected, Verdict.PASS), Disposition.MISSED_DEFECT)
    reading = read(inspected, folder)
    assert missed(reading) == []
    assert noted(reading, "missed defects in the records that were left out: 1 ")


def test_that_a_changed_picture_is_left_out(inspected: Station, folder: Path) -> None:
    part = part_with(inspected, Verdict.FAIL)
    say(inspected, part, Disposition.MISSED_DEFECT)
    (picture,) = [each for each in read(inspected, folder).pictures if each.kind == "missed defect"]
    picture.path.write_bytes(picture.path.read_bytes() + b"changed")
    assert missed(read(inspected, folder)) == []


def test_that_parts_of_other_products_and_views_are_not_learned(inspected: Station, folder: Path) -> None:
    say(inspected, part_with(inspected, Verdict.FAIL), Disposition.MISSED_DEFECT)
    assert missed(read(inspected, folder, "nut")) == []


def test_that_nothing_is_taken_from_the_records_unless_defects_are_learned(inspected: Station, folder: Path) -> None:
    say(inspected, part_with(inspected, Verdict.FAIL), Disposition.MISSED_DEFECT)
    assert missed(read(inspected, folder, use=UseOfDefects("labels"))) == []


def test_that_a_missed_defect_that_is_a_good_picture_too_is_named_with_the_way_out(
    inspected: Station, folder: Path
) -> None:
    part = part_with(inspected, Verdict.FAIL)
    say(inspected, part, Disposition.MISSED_DEFECT)
    (picture,) = [each for each in read(inspected, folder).pictures if each.kind == "missed defect"]
    copy = folder / "good" / f"copy{picture.path.suffix}"
    copy.write_bytes(picture.path.read_bytes())
    with pytest.raises(BadInputError) as refused:
        inspected.learning.teach(folder, "plate", use=_LEARNED)
    assert f"Part {part.key.label} of run {part.key.run_id} was called a missed defect" in refused.value.sentence
    assert str(copy) in refused.value.sentence
    assert "Good part, Ctrl+G" in refused.value.advice
    say(inspected, part, Disposition.GOOD_PART)
    assert missed(read(inspected, folder)) == []
