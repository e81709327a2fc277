"""Accuracy of the default model on labelled sets over the build before (`--before`), each by its own `accuracy.py`.

All four sets by three seeds; with `--quick` the smallest by one seed. A figure is how much worse this build is.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from figure import Figure, NotMeasuredError, Setting
from prepared import THIS, environment_of
from python_of import python_of

NAME = "accuracy of the default model over the build before"
MOST_OF_AUROC, MOST_POINTS = 0.002, 1.0
_ALL = ("pan,cookie,bottle,tile", "0,1,2")
_QUICK = ("cookie", "0")
_WORSE_IF = {"auroc": -1, "overkill": 1, "escapes": 1}

Row = dict[str, float]


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return loss of AUROC, and points of overkill and of escapes more, for each set."""
    if setting.before is None:
        raise NotMeasuredError("no earlier build was named: --before CHECKOUT_OR_COMMIT")
    if not setting.data.is_dir():
        raise NotMeasuredError(f"the pictures {setting.data} are missing")
    sets, seeds = _QUICK if setting.quick else _ALL
    ours, peer = (_figures_of(checkout, setting, sets, seeds) for checkout in (THIS, setting.before))
    return tuple(figure for name in sets.split(",") for figure in _of_set(name, ours[name], peer[name]))


def _of_set(name: str, ours: list[Row], peer: list[Row]) -> Iterator[Figure]:
    for what, sign in _WORSE_IF.items():
        own, other = (mean(row[what] for row in rows) for rows in (ours, peer))
        unit, bound = ("AUROC", MOST_OF_AUROC) if what == "auroc" else ("points of 100", MOST_POINTS)
        worse = round(sign * (own - other), 9) + 0.0  # no -0
        note = f"{own:.4f}, the build before {other:.4f}; mean of {len(ours)} seeds"
        yield Figure(f"accuracy, {name}, {what}: worse by", worse, None, unit, None, bound, len(ours), note)


def _figures_of(checkout: Path, setting: Setting, sets: str, seeds: str) -> dict[str, list[Row]]:
    answer = setting.folder / f"accuracy of {'this' if checkout == THIS else 'before'}.json"
    script = ["tests/benchmarks/accuracy.py", str(setting.data), "--sets", sets, "--seeds", seeds]
    line = [python_of(checkout), *script, "--json", str(answer)]
    subprocess.run(line, env=environment_of(checkout), cwd=checkout, check=True, stdout=sys.stderr)
    rows = json.loads(answer.read_text())
    return {name: [row for row in rows if row["set"] == name] for name in sets.split(",")}
