"""Kill -9 in the middle of a check: it is not finished and due again, and no result that was seen is lost."""

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cut_off import cut_off

from station.app import Station
from station.domain.challenge import Outcome, Why
from station.domain.challenge_plan import ChallengePlan, parts_of_words
from station.domain.recipe import RecipeState

KILLS = 6
CHECKER = Path(__file__).with_name("endless_check.py")
PARTS = parts_of_words("; ".join(["clean=good; dent=bad@0,0,320,240; whole=good", "four=good; five=bad@0,0,320,240"]))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks its stations"),
]


@pytest.fixture
def checker(station: Station, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The `station` fixture left a workspace with a recipe, and pictures: a good one, a bad one, a good one ..."""
    base = station.recipes.find("plate").recipe
    plan = ChallengePlan(every_hours=8, blocks=True, parts=PARTS)
    station.recipes.add(replace(base, revision=2, challenge=plan), RecipeState.RELEASED)
    command = [sys.executable, CHECKER, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


def test_that_a_killed_check_is_settled_once_and_loses_no_result(
    checker: subprocess.Popen[str], tmp_path: Path
) -> None:
    chance = random.Random(2026)
    acknowledged: set[tuple[int, int]] = set()
    cut_short = 0
    for _ in range(KILLS):
        acknowledged |= cut_off(checker, chance)
        with Station.open(tmp_path / "workspace") as station:
            checks = station.challenge.checks(10_000)
            kept = {(each.key.run_id, each.key.part) for check in checks for each in check.results}
            assert acknowledged <= kept
            assert {check.outcome for check in checks} <= {Outcome.PASSED, Outcome.NOT_FINISHED}
            due = station.challenge.due(station.recipes.find("plate").recipe)
            unfinished = checks[0].outcome is Outcome.NOT_FINISHED
            assert (due is not None and Why.NOT_FINISHED in due.why) == unfinished
            assert station.records.verify() == ()
            cut_short += unfinished
    assert cut_short
    assert acknowledged
