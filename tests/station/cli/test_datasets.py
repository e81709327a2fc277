"""`linesidectl datasets`, as people give it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.cli.program import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, count in (("OK", 6), ("NG/scratch", 2)):
        (tmp_path / "in" / kind).mkdir(parents=True)
        for number in range(count):
            picture = np.random.default_rng(len(kind) * 100 + number).integers(0, 256, (24, 32), np.uint8)
            cv2.imwrite(str(tmp_path / f"in/{kind}/{number}.png"), picture)
    return tmp_path / "in"


def given(workspace: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    code = run([*words, "--workspace", str(workspace)])
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.slow
def test_that_pictures_come_in_are_frozen_listed_and_exported(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = tmp_path / "station"
    code, said = given(station, capsys, "datasets", "import", str(folder), "--product", "cookie")
    assert (code, said[-1]) == (0, "8 pictures came in, 0 were there already")
    assert "6 good from OK, to learn from" in said
    code, said = given(station, capsys, "datasets", "freeze", "--product", "cookie", "--json", "-")
    version = json.loads(said[-1])["version"]
    _, said = given(station, capsys, "datasets", "list")
    assert said == ["cookie: 6 good, 2 defects, 0 without a label", f"  {version}: 6 good, 2 defects"]
    for form, made in (("mvtec", "test/scratch"), ("coco", "annotations.json")):
        out = tmp_path / form
        assert given(station, capsys, "datasets", "export", str(out), "--product", "cookie", "--as", form)[0] == 0
        assert (out / made).exists()


@pytest.mark.slow
def test_that_bad_input_ends_with_2_and_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = tmp_path / "station"
    given(station, capsys, "datasets", "import", str(folder), "--product", "cookie")
    for words in (
        ("import", str(tmp_path / "nowhere"), "--product", "cookie"),
        ("export", str(folder), "--product", "cookie"),
        ("freeze", "--product", "unknown"),
        ("collect", "--product", "cookie"),
    ):
        assert run(["datasets", *words, "--workspace", str(station)]) == 2
        assert capsys.readouterr().err.startswith("linesidectl: ")
