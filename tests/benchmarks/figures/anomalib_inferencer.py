"""The way of a colour frame of 5 MP in memory, over anomalib's OpenVINOInferencer on the same pixels.

anomalib judges with its own export of its own PatchCore: same backbone, same input size, f32. Its export needs packages
that the station does not use; they are put in a folder of their own. The station's way also makes regions and overlay.
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from figure import Figure, NotMeasuredError, Setting, of_pairs
from files_to_verdicts import INSTALLER, export_in_own_process
from prepared import PRODUCT, THIS, environment_of, pictures_of, taught, taught_by
from timing_process import TimingProcess

from station.cli.in_turn import in_turn

NAME = "way of a colour frame over anomalib's inferencer"
_SCRIPTS = Path(__file__).resolve().parents[1]
_WARM_UP = 5


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figure of pairs of single frames, each program with one of them in turn."""
    size, pictures = _pictures(setting)
    model = exported(setting, size)
    ours = [sys.executable, _SCRIPTS / "serve_frames.py", taught_by(THIS, setting), PRODUCT]
    peer = [sys.executable, _SCRIPTS / "serve_anomalib.py", model, pictures, *map(str, size)]
    with (
        TimingProcess(ours, environment_of(THIS), setting.folder) as own,
        TimingProcess(peer, environment_of(THIS, INSTALLER), setting.folder) as other,
    ):
        ways = {"ours": lambda _: own.ask("colour"), "peer": lambda _: other.ask("colour")}
        taken = in_turn(ways, setting.pairs(200), _WARM_UP)
    note = "the peer reduces by bilinear interpolation and makes neither regions nor overlay"
    return (of_pairs(NAME, taken["ours"], taken["peer"], "ms", None, note),)


def exported(setting: Setting, size: tuple[int, int]) -> Path:
    """Return anomalib's exported model, which is made if it is not there yet.

    Raises:
        NotMeasuredError: anomalib is not installed.
    """
    if find_spec("anomalib") is None:
        raise NotMeasuredError("anomalib is not installed: it comes with the extra `train`")
    folder = setting.folder / "anomalib"
    if not any(folder.rglob("*.bin")):
        shutil.rmtree(folder, ignore_errors=True)  # of an export that was cut off
        folder.mkdir()
        export_in_own_process(pictures_of(setting) / "train" / "good", folder, size)
    return next(folder.rglob("*.xml"))


def _pictures(setting: Setting) -> tuple[tuple[int, int], Path]:
    """Return the model's input size, and a file of the pictures that the station judges."""
    file = setting.folder / "colour.npy"
    with taught(setting) as (_, one):
        np.save(file, np.stack([frame.image for frame in one.colour]))
        return one.predictor.input_size, file
