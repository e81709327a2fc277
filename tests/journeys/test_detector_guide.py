"""The detector of docs/plugins.md: installed as it is written there, it is taught, released, and judges a line."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import pytest
from contrast_plugin import install

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
CODE = BLOCKS["lineside_colour/__init__.py"]
REFUSAL = "The model needs the plug-in 'colour', which is not installed here."

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder in which the package of the guide is installed."""
    (entry,) = tomllib.loads(BLOCKS["colour/pyproject.toml"])["project"]["entry-points"]["lineside"].items()
    install(tmp_path / "site", entry[1], entry[0])
    (tmp_path / "site" / "lineside_colour").mkdir()
    (tmp_path / "site" / "lineside_colour" / "__init__.py").write_text(CODE)
    return tmp_path / "site"


@pytest.fixture
def parts(tmp_path: Path, draw_part) -> Path:
    """20 good parts to learn, and 4 to judge, of which the third is marked."""
    for number in range(24):
        folder = tmp_path / ("taught" if number < 20 else "judged")
        folder.mkdir(exist_ok=True)
        cv2.imwrite(str(folder / f"{number:02}.png"), draw_part(number, defective=number == 22))
    return tmp_path


def run(workspace: Path, *words: object, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, [*([site] if site else []), ROOT]))
    return subprocess.run(
        [sys.executable, "-m", "station", *map(str, words), "--workspace", str(workspace)],
        env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_that_the_detector_of_the_guide_is_short() -> None:
    assert len(CODE.splitlines()) < 80


def test_that_the_detector_of_the_guide_is_taught_and_judges(site: Path, parts: Path) -> None:
    workspace = parts / "workspace"
    taught = run(workspace, "teach", parts / "taught", "--product", "plate", "--model", "colour", site=site)
    assert taught.returncode == 0, taught.stderr
    assert run(workspace, "recipes", "release", "plate@1", "--reason", "tried", site=site).returncode == 0
    judged = run(workspace, "inspect", parts / "judged", "--recipe", "plate", "--json", "-", site=site)
    assert judged.returncode == 0, judged.stderr
    lines = [json.loads(line) for line in judged.stdout.splitlines() if line.startswith("{")]
    assert [line["verdict"] for line in lines if "verdict" in line] == ["PASS", "PASS", "FAIL", "PASS"]
    verified = run(workspace, "verify", "--models", site=site)
    assert verified.returncode == 0, verified.stdout
    assert "judged as certified by its only way: the plug-in colour" in verified.stdout
    refused = run(workspace, "inspect", parts / "judged", "--recipe", "plate")
    assert refused.returncode != 0
    assert REFUSAL in refused.stderr
    assert REFUSAL in GUIDE
