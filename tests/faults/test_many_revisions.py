"""A recipe that is edited a thousand times while the line runs: each verdict names exactly one revision."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hall import A_WHILE_S, Hall, Model, camera, recipe_of

from station.domain.inspection import PartKey
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, StateChange
from station.domain.verdict import Limits, Verdict
from station.pipeline import run

EDITS, RATE_HZ = 1000, 60
PATIENCE_S = 120.0


def limit_of(revision: int) -> float:
    """Return the limit of each revision; no two have the same."""
    return 0.5 + revision / 10_000


class Editor:
    """Releases another revision at each look of the line, as `ReleaseWatch` reports it."""

    def __init__(self) -> None:
        self.recipe: Recipe | None = None
        self.first_parts: dict[int, PartKey] = {}

    def poll(self, *, running: bool) -> RecipeEntry | None:
        assert self.recipe
        if self.recipe.revision == EDITS:
            return None
        revision = self.recipe.revision + 1
        views = tuple(replace(view, limits=Limits(limit_of(revision))) for view in self.recipe.views)
        self.recipe = replace(self.recipe, revision=revision, views=views)
        change = StateChange("Ada", "on purpose", datetime.now(UTC))
        return RecipeEntry(self.recipe, RecipeState.RELEASED, datetime.now(UTC), change)

    def report_use(self, entry: RecipeEntry, first: PartKey) -> None:
        self.first_parts[entry.recipe.revision] = first

    def report_failure(self, entry: RecipeEntry, error: Exception) -> None:
        raise AssertionError(entry, error)


@pytest.mark.slow
def test_that_each_verdict_names_exactly_one_of_a_thousand_revisions(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_WATCH_S", 0.0)
    monkeypatch.setattr(run, "_ASKED_EVERY_S", 0.0)
    editor = Editor()
    recipe = recipe_of([""])
    editor.recipe = replace(recipe, views=tuple(replace(each, limits=Limits(limit_of(1))) for each in recipe.views))
    line = hall.line_of({"": camera(rate_hz=RATE_HZ)}, {"": Model()}, releases=editor, recipe=editor.recipe)
    line.start()
    end_s = time.monotonic() + PATIENCE_S
    while len(editor.first_parts) < EDITS - 1 and time.monotonic() < end_s:
        threading.Event().wait(0.05)
    assert len(editor.first_parts) == EDITS - 1
    line.stop()
    assert line.wait(A_WHILE_S)
    parts = hall.parts()
    revision_of = {
        run_id: hall.inspections.find_run(run_id).recipe_revision for run_id in {p.key.run_id for p in parts}
    }
    assert [part.key.part for part in parts] == list(range(1, len(parts) + 1)), "each trigger has one verdict"
    assert {part.verdict for part in parts} <= {Verdict.PASS, Verdict.NOT_INSPECTED}
    judged = [part for part in parts if part.verdict is Verdict.PASS]
    assert {part.views[0].image_threshold == limit_of(revision_of[part.key.run_id]) for part in judged} == {True}
    for revision, first in editor.first_parts.items():
        of_run = [part.key.part for part in parts if part.key.run_id == first.run_id]
        assert not of_run or (min(of_run) == first.part and revision_of[first.run_id] == revision)
    assert len(set(revision_of.values())) == len(revision_of) > EDITS // 20, "or hardly a revision judged"
    assert hall.inspections.unfinished_runs() == ()
