"""The Python for programs of an earlier build: its plug-ins are its own, its packages are those that are installed."""

import json
import subprocess
import sys
from pathlib import Path

from python_of import THIS, python_of

_SEEN = """
import importlib.metadata, json, numpy
points = [point for one in importlib.metadata.distributions() for point in one.entry_points]
print(json.dumps([sorted({point.value for point in points if point.group == "lineside"}), numpy.__version__]))
"""


def test_that_an_earlier_build_sees_its_own_plugins_and_the_packages_of_this_one(tmp_path: Path) -> None:
    plugins = '[project.entry-points.lineside]\nold = "plugins.old:plugin"\n'
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "lineside"\n{plugins}', encoding="utf-8")
    ours, earlier = (
        json.loads(
            subprocess.run(
                [python_of(checkout), "-c", _SEEN], cwd=checkout, capture_output=True, text=True, check=True
            ).stdout
        )
        for checkout in (THIS, tmp_path)
    )
    assert earlier == [["plugins.old:plugin"], ours[1]]
    assert python_of(THIS) == sys.executable
