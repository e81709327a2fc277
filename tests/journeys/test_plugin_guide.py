"""The plug-in of docs/plugins.md: installed as it is written there, it rejects parts and receives the news."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))

RUN = """
import sys
from pathlib import Path
from station.app import Station

with Station.open(Path(sys.argv[1])) as station:
    station.line.load_recipe("plate")
    station.line.start(sys.argv[2])
    assert station.line.wait_stopped(60)
    assert {name for name, _ in station.plugins.list_name_plugin()} >= {"gate", "reject_serial"}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder in which the package of the guide is installed."""
    site = tmp_path / "site"
    project = tomllib.loads(BLOCKS["pyproject.toml"])["project"]
    (site / "lineside_gate").mkdir(parents=True)
    (site / "lineside_gate" / "__init__.py").write_text(BLOCKS["lineside_gate/__init__.py"])
    metadata = site / f"lineside_gate-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    entries = [f"{name} = {place}" for name, place in project["entry-points"]["lineside"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[lineside]", *entries]))
    return site


@pytest.fixture
def workspace(tmp_path: Path, tiny_package) -> Path:
    """A workspace with a released recipe and the settings of the guide, on files of this test."""
    settings = BLOCKS["station.toml"]
    settings = settings.replace("/dev/ttyUSB0", str(tmp_path / "gate")).replace("/var/lib/lineside", str(tmp_path))
    release_plate(tmp_path / "workspace", tiny_package)
    (tmp_path / "workspace" / "station.toml").write_text(settings)
    return tmp_path / "workspace"


def run(site: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_that_the_plug_in_of_the_guide_rejects_parts_and_receives_the_news(
    site: Path, workspace: Path, tmp_path: Path, draw_part
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(4):
        cv2.imwrite(str(parts / f"{number}.png"), draw_part(number, defective=number == 2))
    ended = run(site, "-c", RUN, workspace, parts)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "gate").read_text() == "open 150\n"
    news = [json.loads(line) for line in (tmp_path / "news.jsonl").read_text().splitlines()]
    assert news[0] == {"kind": "recipe", "recipe": "plate@1"}
    assert [each["verdict"] for each in news if each["kind"] == "part"] == ["PASS", "PASS", "FAIL", "PASS"]
    states = [each["state"] for each in news if each["kind"] == "state"]
    assert states[0] == "STARTING"
    assert states[-1] == "STOPPED"


def test_that_a_wrong_table_of_the_plug_in_is_shown_as_in_the_guide(site: Path, workspace: Path) -> None:
    (workspace / "station.toml").write_text("[plugins.gate]\nopn_ms = 150\ndevice = 3\n")
    refused = run(site, "-m", "station", "recipes", "list", "--workspace", workspace)
    assert refused.returncode == 2
    shown = re.search(r"^```text\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert shown
    assert shown[1].removeprefix("station.toml").rstrip() in refused.stderr
