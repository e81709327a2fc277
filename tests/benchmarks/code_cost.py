"""CPU of a part with a code region, read or not to be read, over that of the same part without one; in turns.

    python tests/benchmarks/code_cost.py [--rounds 200] [--json FILE]

A picture of 2448 x 2048 pixels is judged with the model of the demo; the code region has 400 x 400 of them.
"""

import argparse
import json
import statistics
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import zxingcpp

from station.camera.simulation.line import SimulatedLine
from station.cli.in_turn import in_turn
from station.domain.clock import utc_now
from station.domain.frame import Frame, Image
from station.domain.geometry import RegionOfInterest
from station.domain.part_code import CodeKind, CodeRule, IfUnread
from station.domain.recipe import QualityLimits, View
from station.inference.model_package import load_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.vision.conversion import as_grey, enlarged

REGION = RegionOfInterest(100, 100, 400, 400)
EVERY_KIND = CodeRule(REGION, if_unread=IfUnread.ACCEPT)
ONE_KIND = replace(EVERY_KIND, kinds=(CodeKind.DATA_MATRIX,))


def picture() -> Image:
    """Return a drawn part without a code."""
    drawn = SimulatedLine("flange", seed=1, width=640, height=480, defect_share=0).draw_picture(1, 5000.0, 0.0)
    return np.ascontiguousarray(as_grey(enlarged(drawn, (2048, 2448))))


def with_code(plain: Image) -> Image:
    """Return the same part with a DataMatrix in the region."""
    code = zxingcpp.create_barcode("SN-000123", zxingcpp.BarcodeFormat.DataMatrix)
    drawn = np.array(zxingcpp.write_barcode_to_image(code, scale=12))
    coded = plain.copy()
    coded[160 : 160 + drawn.shape[0], 160 : 160 + drawn.shape[1]] = drawn
    return coded


def cpu_ms(inspector: Inspector, image: Image) -> float:
    """Return the CPU time of one judgement, milliseconds."""
    frame = Frame(image.copy(), 1, utc_now(), time.monotonic_ns(), "a part")
    began = time.process_time()
    inspector.inspect(frame)
    return (time.process_time() - began) * 1e3


def measured(rounds: int) -> dict[str, object]:
    """Return the figures."""
    package = load_package(Path(str(resources.files("resources") / "demo" / "flange")))
    plain = picture()
    view = View(package.reference, quality=QualityLimits(frozen_after=0))
    ways = {
        "without": (None, plain),
        "read": (EVERY_KIND, with_code(plain)),
        "read_one_kind": (ONE_KIND, with_code(plain)),
        "unread": (EVERY_KIND, plain),
        "unread_one_kind": (ONE_KIND, plain),
    }
    with TemporaryDirectory() as cache:
        predictor = OpenVinoPredictor(package, view.inference, Path(cache), threads=1)
    inspectors = {name: (Inspector(replace(view, code=rule), predictor), image) for name, (rule, image) in ways.items()}
    turns = {name: lambda _, own=own: cpu_ms(*own) for name, own in inspectors.items()}
    times = in_turn(turns, rounds, warm_up=5)
    medians = {name: statistics.median(each) for name, each in times.items()}
    others = [name for name in ways if name != "without"]
    ratios = {f"{name}_over_without": round(medians[name] / medians["without"], 4) for name in others}
    return {**{f"{name}_ms_p50": round(each, 3) for name, each in medians.items()}, **ratios, "rounds": rounds}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = measured(asked.rounds)
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
