"""`linesidectl compare`: the same pictures by several methods, in one table."""

import json
from pathlib import Path

import pytest
from drawn_discs import draw_disc, write

from station.cli.program import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discs")
    for number in range(12):
        write(folder / f"train/good/{number:02}.png", draw_disc(number))
    for number in range(4):
        write(folder / f"test/good/{number:02}.png", draw_disc(100 + number))
        write(folder / f"test/spot/{number:02}.png", draw_disc(200 + number, (60 + 3 * number, 40 + 3 * number)))
    return folder


def test_that_a_method_and_an_ensemble_are_compared_and_one_is_recommended_with_its_reason(discs, tmp_path, capsys):
    kept, words = (
        tmp_path / "figures.json",
        ["compare", str(discs), "--models", "fast,balanced+fast,fast", "--rounds", "3"],
    )
    assert run([*words, "--json", str(kept), "--workspace", str(tmp_path / "station")]) == 0
    said, (line,) = capsys.readouterr().out.splitlines(), kept.read_text().splitlines()
    figures = json.loads(line)
    assert [each["model"] for each in figures["models"]] == ["fast", "balanced+fast"]
    assert figures["failed"] == {}
    assert figures["recommended"] in ("fast", "balanced+fast")
    assert f"recommended: {figures['reason']}" in said
    for each in figures["models"]:
        assert each["image_auroc"] == 1.0
        assert each["escapes"]["n"] == each["overkill"]["n"] == 4
        assert each["parity"]["verdict_flips"] == 0
        assert min(each["judge_ms_p50"], each["teach_s"], each["size_bytes"]) > 0
        assert len(each["intervals"]["image_auroc"]) == 2
    head = next(row for row in said if row.startswith("Method "))
    rows = said[said.index(head) + 1 :][:2]
    assert [row.removeprefix("\u2713 ").split()[0] for row in rows] == ["fast", "balanced+fast"]
    assert [row.startswith("\u2713") for row in rows] == [
        each["model"] == figures["recommended"] for each in figures["models"]
    ]
    one, several = figures["models"]
    assert one["members"] == []
    assert [member["method"] for member in several["members"]] == ["patchcore balanced", "patchcore fast"]
    assert any(row.startswith("balanced+fast: Judging by all of them takes ") for row in said)
    assert not (tmp_path / "station").exists(), "what was only tried is in no station"


def test_that_an_unknown_model_is_refused_with_the_names_of_those_there_are(discs, tmp_path, capsys):
    assert run(["compare", str(discs), "--models", "balanced,magic", "--workspace", str(tmp_path / "station")]) == 2
    assert "There is no method 'magic'. Choose one of: balanced, fast" in capsys.readouterr().err
