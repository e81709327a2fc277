"""Limits tried on scored pictures, and saved as a draft."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from station.commands.limits import LimitCommands
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.geometry import RegionOfInterest
from station.domain.limit_bench.figures import figures_at
from station.domain.limit_bench.flips import flips
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED
from station.domain.messages import LineState
from station.domain.permissions import Role
from station.domain.recipe import RecipeState
from station.domain.verdict import Limits, Verdict
from station.learning.datasets import import_folder
from station.learning.progress import no_progress

PARTS = 9


@pytest.fixture
def judged(station, qtbot=None):
    """The line has judged some parts: each third is broken."""
    station.line.load_recipe("plate")
    station.line.start()
    while station.line.counts().triggers < PARTS:
        station.line.wait_stopped(0.05)
    station.line.stop()
    assert station.line.wait_stopped(30)
    assert station.line.state is LineState.STOPPED
    return station


@pytest.fixture
def labelled(station, draw_part, tmp_path):
    """A dataset version of the product: 6 good parts to learn from, 2 good and 3 broken ones to measure with."""
    for kind, broken, seeds in (("train/good", False, 6), ("test/good", False, 2), ("test/hole", True, 3)):
        folder = tmp_path / "pictures" / kind
        folder.mkdir(parents=True)
        for seed in range(seeds):
            picture = draw_part(seed + 100 * len(kind), defective=broken)
            cv2.imwrite(str(folder / f"{seed}.png"), picture)
    return import_folder(tmp_path / "pictures", "Steel plate", station.workspace.datasets)


def test_that_parts_of_the_line_are_on_the_bench_with_what_people_said(judged) -> None:
    bench = judged.limits.bench("plate")
    failed = [part.key for part in judged.records.recent() if part.verdict is Verdict.FAIL]
    judged.review.give_feedback(failed[0], Disposition.GOOD_PART, "dust")
    labels = judged.limits.bench("plate").line.pictures.labels
    assert len(bench.line.pictures) == len(judged.records.recent())
    assert figures_at(bench, bench.view.limits).rejected.count == len(failed)
    assert (labels == GOOD).sum() == 1
    assert not bench.empty


def test_that_no_original_is_read_to_fill_the_bench(judged, monkeypatch) -> None:
    monkeypatch.setattr(type(judged._core.inspections.pictures), "read_bytes", None)
    assert len(judged.limits.bench("plate").line.pictures) >= PARTS


def test_that_a_part_that_was_labelled_in_the_dataset_has_its_label_and_counts_once(judged) -> None:
    failed, passed = (next(part.key for part in judged.records.recent() if part.verdict is verdict)
                      for verdict in (Verdict.FAIL, Verdict.PASS))  # fmt: skip
    judged.datasets.collect_parts([failed, passed])
    of_part = {item.part: item.item_id for item in judged.datasets.items("Steel plate")}
    assert failed in of_part, "a reject keeps its picture"
    judged.datasets.label([of_part[failed]], Label.DEFECT, "hole")

    def label_of(bench) -> int:
        keys = bench.line.pictures.keys.tolist()
        return int(bench.line.pictures.labels[keys.index([failed.run_id, failed.part])])

    assert label_of(judged.limits.bench("plate")) == DEFECT
    frozen = judged.datasets.freeze("Steel plate")
    bench = judged.limits.bench("plate")
    assert (bench.labelled.version, label_of(bench)) == (frozen.version, UNLABELLED)
    assert bench.labelled.waiting == 1


def test_that_parts_of_another_region_of_interest_do_not_count(judged) -> None:
    recipe = judged.recipes.find("plate").recipe
    view = replace(recipe.views[0], roi=RegionOfInterest(0, 0, 100, 100))
    judged.recipes.add(replace(recipe.with_view(view), revision=2))
    other = replace(recipe.views[0], limits=Limits(0.7))
    judged.recipes.add(replace(recipe.with_view(other), revision=3))
    assert judged.limits.bench("plate", 2).empty
    assert not judged.limits.bench("plate", 3).empty, "limits do not change a score"


def test_that_a_flip_is_shown_with_its_picture_judged_by_the_new_limits(judged) -> None:
    bench = judged.limits.bench("plate")
    score = bench.line.pictures.scores.max()
    higher = Limits(image_threshold=(score + 1) / 2)
    found = flips(bench, bench.view.limits, higher, 5)
    assert found.counts[Verdict.FAIL, Verdict.PASS] == figures_at(bench, bench.view.limits).rejected.count
    seen = judged.limits.picture(bench, found.first[0].picture, higher)
    assert seen.image.ndim >= 2
    assert seen.judged.inspection.verdict is Verdict.PASS


def test_that_labelled_pictures_are_scored_once_and_learned_ones_never(station, labelled, monkeypatch) -> None:
    recipe = station.recipes.find("plate").recipe
    station.recipes.add(
        replace(recipe.with_view(replace(recipe.views[0], dataset_version=labelled.version)), revision=2)
    )
    bench = station.limits.bench("plate", 2)
    assert (bench.labelled.version, bench.labelled.waiting, bench.labelled.learned) == (labelled.version, 5, 6)
    assert bench.empty
    steps = []
    scored = station.limits.score_labelled(bench, steps.append, lambda: True)
    assert (scored.waiting, len(scored.pictures), steps[-1].done) == (0, 5, 5)
    assert sorted(scored.pictures.labels.tolist()) == [GOOD, GOOD, DEFECT, DEFECT, DEFECT]
    assert scored.pictures.scores[scored.pictures.labels == DEFECT].min() > 0.5
    assert (scored.pictures.largest_px > 0).tolist() == (scored.pictures.labels == DEFECT).tolist()
    assert np.allclose(scored.pictures.highest, scored.pictures.scores, atol=1e-6)
    monkeypatch.setattr("station.learning.labelled_scores.open_predictor", None)
    again = station.limits.bench("plate", 2)
    station.limits.score_labelled(again, no_progress, lambda: True)
    assert len(again.labelled.pictures) == 5
    seen = station.limits.picture(again, again.labelled.pictures[0], Limits())
    assert (max(seen.image.shape) <= 320, seen.judged) == (True, None)


def test_that_scores_that_were_there_are_kept_if_a_person_stops_halfway(station, labelled) -> None:
    bench = station.limits.bench("plate")
    answers = iter((True, False))
    scored = station.limits.score_labelled(bench, no_progress, lambda: next(answers))
    assert (len(scored.pictures), scored.waiting) == (2, 9)


def test_that_a_damaged_file_of_scores_costs_only_the_time_to_score_again(station, labelled) -> None:
    bench = station.limits.bench("plate")
    station.limits.score_labelled(bench, no_progress, lambda: True)
    (file,) = (station.workspace.cache / "scores").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert station.limits.bench("plate").labelled.waiting == 11
    assert station.limits.score_labelled(bench, no_progress, lambda: True).waiting == 0


def test_that_new_limits_make_the_next_draft_and_leave_the_line_alone(station) -> None:
    bench = station.limits.bench("plate")
    engineer = station.acting_as(Role.ENGINEER, signature="engineer, Limits page")
    entry = engineer.limits.save_draft(bench, Limits(0.6, 0.4, 0.5, 12), " fewer good ones rejected ")
    assert (entry.recipe.label, entry.state) == ("plate@2", RecipeState.DRAFT)
    assert (entry.recipe.author, entry.recipe.reason) == ("engineer, Limits page", "fewer good ones rejected")
    assert entry.recipe.views[0].limits == Limits(0.6, 0.4, 0.5, 12)
    assert station.recipes.find("plate").recipe.revision == 1, "the released one is unchanged"


@pytest.mark.parametrize(("limits", "reason", "said"), [(Limits(0.6), " ", "No reason"), (Limits(), "why", "are the")])
def test_that_nothing_is_saved_without_a_reason_or_a_change(station, limits, reason, said) -> None:
    with pytest.raises(BadInputError, match=said):
        station.limits.save_draft(station.limits.bench("plate"), limits, reason)
    assert len(station.recipes.entries()) == 1


def test_that_a_dataset_version_that_is_not_there_is_refused(station) -> None:
    with pytest.raises(BadInputError, match="no dataset version 'v9'"):
        station.limits.bench("plate", version="v9")
    assert isinstance(station.limits, LimitCommands)
