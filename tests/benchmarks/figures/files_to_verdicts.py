"""JPEG files of 5 MP in colour to recorded verdicts by `linesidectl inspect`, over anomalib's inferencer.

Whole processes take the same files in turn; the rate of a run is that from its first verdict to its last one.
anomalib records nothing.
"""

import sys
from functools import partial
from pathlib import Path

from figure import Figure, Setting, of_pairs
from figures.anomalib_inferencer import exported
from files_to_verdicts import PEER, input_size, make_pictures, rate_of
from prepared import PRODUCT, THIS, pictures_of, taught_by

from station.cli.in_turn import in_turn

NAME = "files to verdicts over anomalib's inferencer"
_SCRIPT = Path(__file__).resolve().parents[1] / "files_to_verdicts.py"


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figure of pairs of runs over the same files."""
    count = 20 if setting.quick else 100
    pictures, workspace = setting.folder / f"{count} files", taught_by(THIS, setting)
    if not pictures.exists():
        pictures.mkdir()
        make_pictures(pictures_of(setting) / "train" / "good", pictures, count)
    size = input_size(workspace)
    station = [sys.executable, "-m", "station", "--workspace", str(workspace)]
    programs = {
        "ours": [*station, "inspect", str(pictures), "--recipe", PRODUCT, "--json", "-"],
        PEER: [sys.executable, str(_SCRIPT), "--peer", str(exported(setting, size)), str(pictures), *map(str, size)],
    }
    ways = {name: partial(_rate, line, setting.folder, count) for name, line in programs.items()}
    taken = in_turn(ways, setting.pairs(20))
    note = f"rates over {count} files; the peer records nothing"
    return (of_pairs(NAME, taken["ours"], taken[PEER], "1/s", None, note),)


def _rate(line: list[str], folder: Path, count: int, _: int) -> float:
    return rate_of(line, THIS, folder, count)["pictures a second"]
