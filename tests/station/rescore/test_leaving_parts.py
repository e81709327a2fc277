"""A re-score keeps no score of a part that leaves its picture: by no other limit would that part pass."""

from pathlib import Path

import pytest

from station.domain.clock import utc_now
from station.domain.inspection import PartKey, ViewInspection
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.rescore import PartToJudge, Said
from station.domain.verdict import Verdict
from station.rescore import part_judge
from station.rescore.part_judge import Folders, PartJudge, Question


class _Fails:
    """In the place of a revision whose model finds a defect in a part."""

    def __init__(self, *, leaves_picture: bool) -> None:
        self._seen = ViewInspection(
            Verdict.FAIL, "mark", "part.png", 1.0, pred_score=0.6, image_threshold=0.5, leaves_picture=leaves_picture
        )

    def inspect(self, _: object) -> tuple[ViewInspection, ...]:
        return (self._seen,)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("leaves_picture", "kept"), [(False, [0.6]), (True, [])])
def test_that_only_a_part_within_its_picture_has_a_score_to_compare_limits_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, leaves_picture: bool, kept: list[float]
) -> None:
    monkeypatch.setattr(part_judge, "RevisionJudge", lambda *_: _Fails(leaves_picture=leaves_picture))
    recipe = Recipe("plate", 1, "plate", (View(ModelReference("m", "0" * 64)),))
    judge = PartJudge(Question(recipe, recipe, str(tmp_path)), Folders(tmp_path, tmp_path))
    result = judge.judge(PartToJudge(PartKey(1, 1), utc_now(), Said(Verdict.PASS, 0.2), ()))
    assert result.after == Said(Verdict.FAIL, 0.6)
    assert [view.pred_score for view in result.views] == kept
