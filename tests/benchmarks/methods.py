"""Every method beside anomalib's own Engine and inferencer: accuracy, and the time of a picture, in one table.

    python tests/benchmarks/methods.py ../shared/data [--sets cookie,tile] [--methods padim,dfm] [--good 40]
        [--tested 30] [--kinds crack] [--epochs N] [--steps N] [--pairs 40] [--precision bf16] [--alone]
        [--keep FOLDER] [--json FILE]

Each method is taught as `linesidectl teach` does, and, if anomalib has it on the same backbone, by anomalib's own
Engine with the same pictures and settings, exported by its exporter and judged by its OpenVINOInferencer. Its input is
that of the station's method, but no smaller than anomalib's default, a square of 256 pixels; what DFM, DFKDE and FRE
look at there is anomalib's own choice too.
`--good`, and `--tested` of good parts and of defects each, take that many, spread over all; 0 takes all; `--kinds`
takes defects of these kinds alone. `--epochs` and `--steps` shorten the training of both. With `--keep`, what was
taught in FOLDER is used again: only what is missing is taught. Figures of places are counted by the same code.

A picture in memory goes through both programs in turn, A B B A: to the station's verdict with its regions, and to
anomalib's result. `--precision` is that of the station's recipe; anomalib computes in f32.

Accuracy holds if the 95 % interval of the difference (pictures drawn again, in pairs) reaches 0, or ours is better;
time holds up to 0.6 x. Right verdicts are those at the station's own limit, as if good parts and defects came equally
often; anomalib's own limits are set on the test pictures. Methods whose network a site has to bring are left out, and
methods that anomalib does not have are shown without a peer.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from files_to_verdicts import FOR_EXPORT, INSTALLER
from numpy.typing import NDArray
from prepared import THIS, environment_of
from timing_process import TimingProcess

from station.app import Station
from station.camera.pictures.reading import read_picture
from station.cli.in_turn import in_turn
from station.inference.model_package import find_package
from station.learning.detector_settings import EpochSettings
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.estimate import auroc_interval
from station.learning.figures.marks import Marks, PackedMask
from station.learning.figures.pixel_figures import pixel_figures
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout
from station.learning.masks import read_mask
from station.learning.metrics import auroc
from station.learning.own_network_settings import OwnNetworkSettings
from station.learning.presets import METHODS, AnyMethod, method_named
from station.learning.seen import input_size
from station.learning.spread import spread_out
from station.vision.conversion import as_rgb

_SCRIPTS = Path(__file__).parent
_OF_ANOMALIB = ("patchcore-anomalib", "padim", "dfm", "dfkde", "fre", "cflow", "stfpm", "supersimplenet")
_PATCHCORE = {"balanced": (2, 4), "fast": (2, 4)}
"""The stages of anomalib's PatchCore beside the station's own, which weighs a third one."""
_AS_ANOMALIB = {"dfm": {"pooled": 2}, "dfkde": {"stages": (6,)}, "fre": {"pooled": 2, "latent": 220}}
"""Settings of anomalib's own, for methods of the station that look elsewhere, or closer, and are no worse for it."""
_OWN_SIDE_PX = 256
_DRAWS, _ENDS = 2000, (2.5, 97.5)
_MOST_RATIO = 0.6
_IN_MEMORY, _WARM_UP = 8, 5
_MEMORY = {"patchcore-anomalib": {"MALLOC_MMAP_THRESHOLD_": str(2**20)}}
"""Settings of glibc for a method of anomalib. Each step of its coreset frees a block of 32 MB and keeps a small one
behind it, so that 3000 steps took 18 GB; they take .7 GB if large blocks are given back."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """What one program says of the test pictures, and what the figures of places are; None without masks or map."""

    good: Numbers
    defects: Numbers
    pixel_auroc: float | None
    aupro: float | None
    taught_s: float
    escapes: float | None = None
    overkill: float | None = None

    @property
    def auroc(self) -> float:
        """Return the image AUROC."""
        return auroc(self.good, self.defects) or 0.0

    @property
    def right(self) -> float | None:
        """Return the share of right verdicts, if good parts and defects come equally often."""
        return None if self.escapes is None or self.overkill is None else 1 - (self.escapes + self.overkill) / 2


@dataclass(frozen=True)
class Row:
    """One method on one set; `ms` are the milliseconds of ours and of the peer, in pairs."""

    of: str
    method: str
    ours: Judged
    peer: Judged | None
    ms: dict[str, list[float]]

    @property
    def apart(self) -> tuple[float, float]:
        """Return the 95 % interval of our AUROC minus the peer's."""
        assert self.peer is not None
        rng, drawn = np.random.default_rng(0), []
        for _ in range(_DRAWS):
            good, bad = (rng.integers(0, count, count) for count in (len(self.ours.good), len(self.ours.defects)))
            pair = [auroc(each.good[good], each.defects[bad]) or 0.0 for each in (self.ours, self.peer)]
            drawn.append(pair[0] - pair[1])
        low, high = np.percentile(drawn, _ENDS)
        return float(low), float(high)

    @property
    def ratio(self) -> float:
        """Return the median of the pairs."""
        return statistics.median(one / other for one, other in zip(self.ms["ours"], self.ms["peer"], strict=True))

    def values(self) -> dict[str, object]:
        """Return everything for JSON."""
        both = {"ours": self.ours, "peer": self.peer} if self.peer else {"ours": self.ours}
        found: dict[str, object] = {"set": self.of, "method": self.method}
        for name, one in both.items():
            ends = auroc_interval(one.auroc, len(one.good), len(one.defects))
            found[name] = {
                "image_auroc": one.auroc, "interval": ends, "pixel_auroc": one.pixel_auroc, "aupro": one.aupro,
                "right": one.right, "escapes": one.escapes, "overkill": one.overkill,
                "taught_s": round(one.taught_s, 1), "ms_p50": statistics.median(self.ms[name]),
            }  # fmt: skip
        if self.peer:
            holds = self.apart[1] >= 0 or self.ours.auroc >= self.peer.auroc
            found |= {"difference": self.apart, "ratio": self.ratio, "pairs": len(self.ms["ours"])}
            found |= {"accuracy_holds": holds, "time_holds": self.ratio <= _MOST_RATIO}
        return found


def main() -> None:
    """Print the table; its end is 1 if a bound does not hold."""
    asked = _arguments()
    head = ("set", "method", "AUROC ours (95 %)", "anomalib", "difference (95 %)", "pixel AUROC", "AUPRO")
    head += ("right verdicts (escapes, overkill)", "ms", "ratio", "holds")
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        keep = asked.keep.resolve() if asked.keep else Path(scratch)
        for row in rows(asked, keep):
            found.append(row.values())
            print(line_of(found[-1]), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    sys.exit(any(not each.get("accuracy_holds", True) or not each.get("time_holds", True) for each in found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="cookie,tile")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--good", type=int, default=0)
    parser.add_argument("--tested", type=int, default=0)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--precision", default="f32", choices=("f32", "bf16", "f16"))
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--alone", action="store_true", help="without anomalib's own")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def rows(asked: argparse.Namespace, keep: Path) -> Iterator[Row]:
    """Yield each method on each set."""
    packages = keep / "packages"
    if not packages.is_dir():
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
        subprocess.run([*install, *FOR_EXPORT], check=True, stdout=sys.stderr)
    for of in asked.sets.split(","):
        folder = keep / of
        pictures = few_of(asked.data / of, folder / "pictures", asked)
        for name in asked.methods.split(","):
            method = shortened(method_named(name), asked)
            if not method.lacks(keep / "backbones"):
                yield row_of(of, method, pictures, folder, packages, asked)


def few_of(source: Path, target: Path, asked: argparse.Namespace) -> Path:
    """Return a folder in the layout of MVTec, with the one kind `defect` and spread pictures of all kinds."""
    if target.is_dir():
        return target
    pictures, kinds = read_layout(source).pictures, asked.kinds.split(",")
    tested = [each for each in pictures if each.split == "test"]
    defects = [each for each in tested if not each.good and (not asked.kinds or each.kind in kinds)]
    wanted = {
        "train/good": (asked.good, [each for each in pictures if each.split == "train"]),
        "test/good": (asked.tested, [each for each in tested if each.good]),
        "test/defect": (asked.tested, defects),
    }
    masked = any(picture.masks for picture in pictures)
    for kind, (count, among) in wanted.items():
        usable = [each for each in among if each.good or each.masks or not masked]
        for number, picture in enumerate(spread_out(usable, count or len(usable))):
            _link(picture.path, target / kind / f"{number:04}{picture.path.suffix}")
            for mask in picture.masks:
                _link(mask, target / "ground_truth" / "defect" / f"{number:04}_mask{mask.suffix}")
    return target


def _link(file: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(file.resolve())


def shortened(method: AnyMethod, asked: argparse.Namespace) -> AnyMethod:
    """Return the method with the epochs or steps that were asked for."""
    if asked.epochs and isinstance(method, EpochSettings):
        return method.model_copy(update={"epochs": asked.epochs})
    if asked.steps and isinstance(method, OwnNetworkSettings):
        return method.model_copy(update={"steps": asked.steps})
    return method


def row_of(of: str, method: AnyMethod, pictures: Path, folder: Path, packages: Path, asked: argparse.Namespace) -> Row:
    """Return one method on one set."""
    workspace = folder / method.name / "workspace"
    ours, size = taught(method, pictures, workspace)
    settings, peer = None if asked.alone else peer_settings(method), None
    if settings:
        size = peer_size(method, size, pictures)
        peer = by_anomalib(settings, pictures, folder / method.name / "peer", size, packages)
    served = [workspace, method.name, asked.precision]
    _say(f"{of}, {method.name}: timing")
    return Row(of, method.name, ours, peer, timed(served, pictures, size, asked.pairs, with_peer=bool(peer)))


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def taught(method: AnyMethod, pictures: Path, workspace: Path) -> tuple[Judged, tuple[int, int]]:
    """Return what the station's package says, and its input size."""
    kept = workspace.parent / "ours.json"
    if not kept.exists():
        _say(f"{workspace.parent}: teaching")
        shutil.rmtree(workspace, ignore_errors=True)  # of a run that was cut off
        workspace.mkdir(parents=True)
        with Station.open(workspace) as station:
            result = station.learning.teach(pictures, method.name, model=method)
            package = find_package(station.workspace.models, result.entry.recipe.views[0].model)
        report = result.evaluation
        good, defects = ([each.pred_score for each in report.judged if each.good is good] for good in (True, False))
        found = [good, defects, report.pixel_auroc, report.aupro, package.manifest.evaluation["train_s"]]
        found += [report.escapes.value, report.overkill.value]
        kept.write_text(json.dumps([found, package.manifest.input_size]))
    (good, defects, *figures), size = json.loads(kept.read_text())
    return Judged(np.array(good), np.array(defects), *figures), tuple(size)


def peer_settings(method: AnyMethod) -> dict[str, object] | None:
    """Return the settings for anomalib's own; None if it has no such method."""
    if method.name in _OF_ANOMALIB:
        return {"method": method.name, **method.model_dump(), **_AS_ANOMALIB.get(method.name, {})}
    if method.name in _PATCHCORE:
        return {"method": "patchcore-anomalib", "stages": _PATCHCORE[method.name], "coreset_size": method.coreset_size}
    return None


def peer_size(method: AnyMethod, size: tuple[int, int], pictures: Path) -> tuple[int, int]:
    """Return the input of anomalib's own: that of the station's method, and not smaller than anomalib's default."""
    if method.side_px >= _OWN_SIDE_PX:
        return size
    shapes = [read_picture(picture.path).image.shape[:2] for picture in tested_in(pictures)]
    return input_size(shapes, _OWN_SIDE_PX)


def by_anomalib(
    settings: dict[str, object], pictures: Path, out: Path, size: tuple[int, int], packages: Path
) -> Judged:
    """Return what anomalib's exported model says."""
    if not (out / "judged.npz").exists():
        _say(f"{out}: teaching by anomalib, see log.txt")
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        environment = environment_of(THIS, INSTALLER, packages) | _MEMORY.get(str(settings["method"]), {})
        script = _SCRIPTS / "anomalib_engine.py"
        arguments = [settings["method"], pictures.resolve(), out, *size, json.dumps(settings)]
        with (out / "log.txt").open("w") as log:
            subprocess.run(
                [sys.executable, str(script), *map(str, arguments)],
                env=environment, cwd=out, check=True, stdout=log, stderr=log,
            )  # fmt: skip
    found = np.load(out / "judged.npz")
    tested = tested_in(pictures)
    good = np.array([picture.good for picture in tested])
    assert [f"{each.kind}/{each.path.name}" for each in tested] == found["names"].tolist()
    scores = found["scores"]
    return Judged(scores[good], scores[~good], *figures_of_places(tested, found["maps"]), float(found["taught_s"]))


def tested_in(pictures: Path) -> Sequence[LabelledPicture]:
    """Return the test pictures, the good ones first."""
    tested = [picture for picture in read_layout(pictures).pictures if picture.split == "test"]
    return sorted(tested, key=lambda picture: (not picture.good, picture.path.name))


def figures_of_places(
    tested: Sequence[LabelledPicture], maps: NDArray[np.float32]
) -> tuple[float | None, float | None]:
    """Return pixel AUROC and AUPRO; None without maps or masks."""
    if not len(maps) or not any(picture.masks for picture in tested):
        return None, None
    seen: dict[str, list[CountedPicture]] = {"good": [], "defect": []}
    for picture, one in zip(tested, maps, strict=True):
        height, width = read_picture(picture.path).image.shape[:2]
        marks = None if picture.good else Marks(PackedMask.of(read_mask(picture.masks[0], (height, width)).marked))
        counted, _ = CountedPicture.of(one, (0, 0, width, height), (height, width), marks)
        seen["good" if picture.good else "defect"].append(counted)
    together = pixel_figures(seen).together
    return together["pixel_auroc"].value, together["aupro"].value


def timed(
    served: Sequence[str | Path], pictures: Path, size: tuple[int, int], pairs: int, *, with_peer: bool
) -> dict[str, list[float]]:
    """Return the milliseconds of a picture by both programs, or by ours alone, in turn."""
    folder = Path(served[0]).parent
    file = folder / "pictures.npy"
    images = [as_rgb(read_picture(picture.path).image) for picture in tested_in(pictures)]
    width_height = images[0].shape[1::-1]  # pictures of a set may differ in size, and those of a camera do not
    np.save(file, np.stack([cv2.resize(image, width_height) for image in spread_out(images, _IN_MEMORY)]))
    lines = {"ours": [sys.executable, _SCRIPTS / "serve_view.py", *served, file]}
    if with_peer:
        model = next((folder / "peer").rglob("*.xml"))
        lines["peer"] = [sys.executable, _SCRIPTS / "serve_anomalib.py", model, file, *map(str, size)]
    programs = {name: TimingProcess(line, environment_of(THIS, INSTALLER), folder) for name, line in lines.items()}
    try:
        return in_turn({name: lambda _, each=each: each.ask() for name, each in programs.items()}, pairs, _WARM_UP)
    finally:
        for program in programs.values():
            program.close()


def line_of(row: dict[str, object]) -> str:
    """Return the line of the table."""
    ours, peer = row["ours"], row.get("peer") or {}
    low, high = ours["interval"]
    cells = [row["set"], row["method"], f"{ours['image_auroc']:.3f} ({low:.3f} to {high:.3f})"]
    cells += [_number(peer.get("image_auroc"))]
    cells += ["{:+.3f} to {:+.3f}".format(*row["difference"]) if peer else ""]
    cells += [f"{_number(ours[name])}, {_number(peer.get(name))}" for name in ("pixel_auroc", "aupro")]
    shares = [100 * ours[name] for name in ("right", "escapes", "overkill")]
    cells += ["{:.1f} % ({:.0f}, {:.0f})".format(*shares)]
    cells += [f"{ours['ms_p50']:.1f}, {peer['ms_p50']:.1f}" if peer else f"{ours['ms_p50']:.1f}"]
    holds = [what for what, key in (("accuracy", "accuracy_holds"), ("time", "time_holds")) if row.get(key)]
    cells += [f"{row['ratio']:.2f}" if peer else "", " and ".join(holds) if peer else ""]
    return f"| {' | '.join(map(str, cells))} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    main()
