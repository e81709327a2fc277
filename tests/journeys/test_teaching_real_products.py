"""The whole way of teaching on real pictures: from a folder to a recipe that judges well enough to be used."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.data]

CORES = 2
TEACHING_S = 90


def linesidectl(workspace: Path, *arguments: str) -> tuple[list[dict], float]:
    """The JSON a command wrote, and the processor time that it and its children took, seconds."""
    command = [sys.executable, "-m", "station", *arguments, "--workspace", str(workspace), "--json", "-"]
    before = psutil.Process().cpu_times()
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    after = psutil.Process().cpu_times()
    assert done.returncode == 0, done.stderr
    spent_s = after.children_user + after.children_system - before.children_user - before.children_system
    return [json.loads(line) for line in done.stdout.splitlines()], spent_s


@pytest.mark.parametrize(("product", "least_auroc"), [("bottle", 0.985), ("tile", 0.88)])
def test_that_a_real_product_is_taught_well_in_time(
    shared_data: Path, tmp_path: Path, product: str, least_auroc: float
):
    folder = str(shared_data / product)
    lines, spent_s = linesidectl(tmp_path, "teach", folder, "--product", product)
    taught = lines[-1]
    assert taught["image_auroc"] >= least_auroc
    assert taught["parity"]["verdict_flips"] == 0
    assert taught["parity"]["pictures"] == taught["escapes"]["n"] + taught["overkill"]["n"]
    assert taught["overkill"]["rate"] <= 0.1
    assert spent_s <= CORES * TEACHING_S  # processor time: a busy machine makes it wait, not work
    evaluated, _ = linesidectl(tmp_path, "evaluate", folder, "--recipe", product)
    for figure in ("image_auroc", "aupro", "pixel_f1", "escapes", "overkill", "confusion"):
        assert evaluated[-1][figure] == taught[figure]
