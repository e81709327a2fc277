"""The frame of the benchmarks: a figure over its bound says so, and nothing that was not measured is passed over."""

import json
import subprocess
import sys
from pathlib import Path

import all as benchmarks
import pytest
from figure import LEAST_PAIRS, Figure, NotMeasuredError, Setting, of_pairs

SETTING = Setting(Path(), Path(), None, quick=True)


class FakeModule:
    """A figure module whose times are given."""

    NAME = "fake"

    def __init__(self, answer: tuple[Figure, ...] | Exception) -> None:
        self._answer = answer

    def measure(self, setting: Setting) -> tuple[Figure, ...]:
        assert setting.quick
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch):
    def measure(answer: tuple[Figure, ...] | Exception) -> dict[str, object]:
        monkeypatch.setitem(sys.modules, "figures.fake", FakeModule(answer))
        return benchmarks.measured_by("fake", SETTING)

    return measure


def timed(ours: float, bound: float | None = 1.05, pairs: int = LEAST_PAIRS) -> Figure:
    """Return the figure of pairs against a peer of 10 ms, one of them beside a busy moment."""
    return of_pairs("a step", [ours] * (pairs - 1) + [90 * ours], [10.0] * (pairs - 1) + [900.0], "ms", bound)


def test_that_the_ratio_is_the_median_of_the_pairs() -> None:
    figure = timed(10.4)
    assert (figure.ours, figure.peer, figure.ratio) == (10.4, 10.0, pytest.approx(1.04))
    assert figure.pairs == LEAST_PAIRS


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (timed(10.4), True),
        (timed(10.6), False),
        (timed(99.0, bound=None), None),
        (Figure("a rate", 1.9, 1.0, "1/s", 1.9, 1.8, 20, at_least=True), True),
        (Figure("a rate", 1.7, 1.0, "1/s", 1.7, 1.8, 20, at_least=True), False),
        (Figure("no peer", 2.1, None, "ms", None, 2.0, 20), False),
        (Figure("no number", float("nan"), None, "ms", None, 2.0, 20), False),
    ],
)
def test_that_a_figure_says_whether_it_keeps_its_bound(figure: Figure, holds: bool | None) -> None:
    assert figure.holds is holds


def test_that_a_figure_over_its_bound_says_no_in_the_table_and_in_the_exit_code(measured) -> None:
    modules = [measured((timed(10.4), timed(10.6)))]
    head, _, kept, broken = benchmarks.table(modules)
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(benchmarks.HEADINGS)
    assert "| 1.04  | <= 1.05 | yes   | 20" in kept
    assert "| 1.06  | <= 1.05 | NO    | 20" in broken
    assert benchmarks.exit_code(modules) == 1
    assert benchmarks.exit_code([measured((timed(10.4),))]) == 0


def test_that_a_ratio_of_few_pairs_is_marked(measured) -> None:
    assert "yes (few pairs)" in list(benchmarks.table([measured((timed(10.4, pairs=5),))]))[-1]


def test_that_what_was_not_measured_is_listed_with_its_reason(measured) -> None:
    modules = [measured(NotMeasuredError("the pictures are missing"))]
    assert list(benchmarks.table(modules))[-1] == "not measured: fake: the pictures are missing"
    assert benchmarks.exit_code(modules) == 0


def test_that_a_module_that_fails_is_listed_and_is_a_fault(measured, capsys: pytest.CaptureFixture[str]) -> None:
    modules = [measured(RuntimeError("no camera"))]
    assert "not measured: fake: failed: RuntimeError: no camera" in list(benchmarks.table(modules))[-1]
    assert "no camera" in capsys.readouterr().err
    assert benchmarks.exit_code(modules) == 3


def test_that_the_json_has_everything_of_a_figure(measured) -> None:
    (figure,) = json.loads(json.dumps(measured((timed(10.6),))))["figures"]
    assert figure["holds"] is False
    assert {"name", "ours", "peer", "unit", "ratio", "bound", "pairs", "note", "few_pairs"} <= set(figure)


def test_that_every_module_of_figures_has_a_name_and_says_how_it_measures() -> None:
    command = [sys.executable, str(benchmarks.HERE / "all.py"), "--list"]
    listed = subprocess.run(command, cwd=benchmarks.THIS, capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in listed.splitlines()] == benchmarks.module_names()
    assert all(len(line.split()) > 1 for line in listed.splitlines())


def test_that_an_unknown_module_is_refused_with_the_names_of_those_that_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["all.py", "--only", "way_of_a_fram"])
    with pytest.raises(SystemExit, match="2"):
        benchmarks.main()
    assert "way_of_a_frame" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--json", "nowhere/figures.json"], "there is no folder nowhere"), (["--add"], "name the file")],
)
def test_that_figures_that_could_not_be_kept_are_not_measured(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["all.py", *words])
    with pytest.raises(SystemExit, match="2"):
        benchmarks.main()
    assert said in capsys.readouterr().err
