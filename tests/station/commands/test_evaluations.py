"""Evaluations as the window asks for them: a real model, measured in a process of its own."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pypdf import PdfReader

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.evaluation import worst_first
from station.domain.verdict import Verdict
from station.learning.datasets import import_folder
from station.learning.progress import Progress
from station.learning.runs.evaluating import EvaluationStoppedError


@pytest.fixture
def version(station: Station, draw_part: Callable[..., NDArray[np.uint8]], tmp_path: Path) -> str:
    """Five good plates to learn from; three good and three defective ones to measure with, and one wrong label."""
    kinds = [("train/good", 5, False), ("test/good", 3, False), ("test/mark", 3, True), ("test/faint", 1, False)]
    for seed, (kind, count, defective) in enumerate(kinds):
        folder = tmp_path / "labelled" / kind
        folder.mkdir(parents=True)
        for number in range(count):
            cv2.imwrite(str(folder / f"{number}.png"), draw_part(100 * seed + number, defective=defective))
    return import_folder(tmp_path / "labelled", "Steel plate", station.workspace.datasets).version


def test_that_a_revision_is_measured_on_a_version_kept_looked_at_and_printed(station: Station, version: str) -> None:
    assert station.evaluations.find("plate", 1, "", version) is None
    news: list[Progress] = []
    measured = station.evaluations.evaluate("plate", 1, "", version, news.append)
    assert news[-1].done == news[-1].total == 7
    assert (measured.escapes.count, measured.escapes.n) == (1, 4)
    assert measured.overkill.n == 3
    assert station.evaluations.find("plate", 1, "", version) == measured
    assert version in station.evaluations.versions_of("plate", 1)
    worst = worst_first(measured.judged, measured.image_threshold)[0]
    assert (worst.name, worst.verdict) == ("test/faint/0.png", Verdict.PASS)
    seen = station.evaluations.look_at(measured, ["test/faint/0.png", "test/mark/0.png", "gone"])
    assert set(seen) == {"test/faint/0.png", "test/mark/0.png"}
    assert seen["test/mark/0.png"].result.inspection.verdict is Verdict.FAIL
    assert seen["test/mark/0.png"].small.shape[2] == 3
    words = PdfReader(station.evaluations.write_pdf([measured])).pages[0].extract_text()
    assert "plate@1" in words


def test_that_a_version_whose_pictures_were_changed_is_not_measured(station: Station, version: str) -> None:
    picture = station.workspace.datasets / "Steel plate" / version / "test/mark/0.png"
    picture.write_bytes((picture.parent / "1.png").read_bytes())
    with pytest.raises(BadInputError, match="has changed since it was imported"):
        station.evaluations.evaluate("plate", 1, "", version, print)
    assert station.evaluations.find("plate", 1, "", version) is None


def test_that_a_version_of_another_station_is_named(station: Station) -> None:
    with pytest.raises(BadInputError, match="dataset version 'elsewhere' of Steel plate are not on this station"):
        station.evaluations.evaluate("plate", 1, "", "elsewhere", print)


def test_that_a_measurement_can_be_given_up(station: Station, version: str) -> None:
    with pytest.raises(EvaluationStoppedError, match="given up"):
        station.evaluations.evaluate("plate", 1, "", version, print, lambda: True)
    assert station.evaluations.find("plate", 1, "", version) is None
