"""Which of several methods is recommended, and what a method that cannot be taught does to the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from station.domain.errors import BadInputError, FaultError
from station.domain.rates import Rate
from station.learning import comparing
from station.learning.comparing import Comparable, Failed, recommended, teach_each
from station.learning.layout.reading import read_layout
from station.learning.presets import METHODS, method_named
from station.learning.progress import Progress
from station.learning.teaching import Taught
from station.workspace import Workspace


@pytest.fixture
def like(taught: Taught):
    """Make a method with figures of its own, from those of a real teaching."""

    def make(model: str, auroc: float | None, low: float = 0.9, escapes: int = 2, overkill: int = 1) -> Comparable:
        report = replace(
            taught.evaluation,
            image_auroc=auroc,
            intervals={"image_auroc": [low, 1.0]},
            escapes=Rate(escapes, 40),
            overkill=Rate(overkill, 60),
        )
        return Comparable(model, taught.package, report, 5.0, 200.0, "")

    return make


def test_that_the_highest_auroc_is_recommended_with_its_figure(like):
    taken = recommended([like("a", 0.91), like("b", 0.97)], {"a": 9.0, "b": 10.0})
    assert taken.model == "b"
    assert taken.reason == "b: it has the highest image AUROC, 0.970."


@pytest.mark.parametrize("order", [("misses", "rejects", "finds"), ("finds", "rejects", "misses")])
def test_that_of_equal_aurocs_the_one_that_misses_and_rejects_the_least_is_recommended(like, order):
    methods = {
        "misses": like("misses", 1.0, escapes=13, overkill=0),
        "rejects": like("rejects", 1.0, escapes=0, overkill=3),
        "finds": like("finds", 1.0, escapes=0, overkill=1),
    }
    taken = recommended([methods[name] for name in order], dict.fromkeys(methods, 10.0))
    assert taken.model == "finds"
    assert taken.reason == (
        "finds: it has the highest image AUROC, 1.000, and of the equal ones it misses and rejects the least."
    )


def test_that_a_clearly_faster_method_within_the_interval_is_taken_in_its_place(like):
    taken = recommended([like("best", 0.97, low=0.93), like("fast", 0.95)], {"best": 30.0, "fast": 10.0})
    assert taken.model == "fast"
    assert "do not show that it finds less than best" in taken.reason
    assert "33 % of the time" in taken.reason


@pytest.mark.parametrize(
    ("auroc", "escapes", "overkill", "ms"),
    [(0.92, 2, 1, 10.0), (0.95, 20, 1, 10.0), (0.95, 2, 30, 10.0), (0.95, 2, 1, 25.0)],
    ids=["lower AUROC", "more escapes", "more overkill", "hardly faster"],
)
def test_that_one_worse_figure_or_little_gain_leaves_the_best(like, auroc, escapes, overkill, ms):
    other = like("other", auroc, escapes=escapes, overkill=overkill)
    assert recommended([like("best", 0.97, low=0.93), other], {"best": 30.0, "other": ms}).model == "best"


def test_that_nothing_is_recommended_without_labelled_defects(like):
    taken = recommended([like("a", None), like("b", None)], {"a": 9.0, "b": 10.0})
    assert taken.model == ""
    assert "without labelled defects" in taken.reason


def test_that_a_method_that_lacks_something_is_refused_before_any_is_taught(disc_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(comparing, "teach", None)
    methods = [method_named("balanced"), METHODS["fastflow"]]
    with pytest.raises(BadInputError, match="fastflow"):
        teach_each(read_layout(disc_folder), methods, Workspace.open(tmp_path), Path("nowhere"), lambda _: None)


def test_that_a_method_that_fails_does_not_keep_the_others_from_being_compared(
    disc_folder, tmp_path, taught, monkeypatch
):
    def teach(_reading, _product, _workspace, *, method, session, place):
        session.on_progress(Progress("Training", 1, 2))
        if method.name == "fast":
            raise FaultError("The training ended without a result.")
        return taught

    monkeypatch.setattr(comparing, "teach", teach)
    steps: list[Progress] = []
    methods = [method_named("fast"), method_named("balanced")]
    failed, compared = teach_each(
        read_layout(disc_folder), methods, Workspace.open(tmp_path), Path("none"), steps.append
    )
    assert failed == Failed("fast", "The training ended without a result.")
    assert isinstance(compared, Comparable)
    assert compared.size_bytes > 100_000
    assert [step.stage for step in steps] == ["fast: Training", "balanced: Training"]


def test_that_pictures_that_one_method_refuses_are_compared_by_the_others_and_those_that_all_refuse_are_refused(
    disc_folder, tmp_path, taught, monkeypatch
):
    refused = {"fast"}

    def teach(_reading, _product, _workspace, *, method, session, place):
        if method.name in refused:
            raise BadInputError(f"The pictures are too narrow for {method.name}.")
        return taught

    monkeypatch.setattr(comparing, "teach", teach)
    methods = [method_named("fast"), method_named("balanced")]
    words = read_layout(disc_folder), methods, Workspace.open(tmp_path), Path("none"), lambda _: None
    failed, compared = teach_each(*words)
    assert failed == Failed("fast", "The pictures are too narrow for fast.")
    assert isinstance(compared, Comparable)
    refused.add("balanced")
    with pytest.raises(BadInputError, match="too narrow for fast"):
        teach_each(*words)


def test_that_the_memory_of_the_training_process_is_known(taught):
    assert taught.memory_mb is None or taught.memory_mb > 50
