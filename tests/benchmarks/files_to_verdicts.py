"""Compare files to verdicts with anomalib's inferencer: pictures a second over the same files, in whole processes.

    python tests/benchmarks/files_to_verdicts.py PICTURES [--model fast] [--other CHECKOUT] [--keep FOLDER]
        [--rounds N] [--json FILE]

PICTURES is a folder of good parts. A hundred JPEG files of 5 MP in colour are made of them: stretched, with the noise
of a camera. The product is taught from some of them, and `linesidectl inspect` (decode, judge, record) and a loop with
anomalib's OpenVINOInferencer (cv2.imread, resize, predict; nothing is recorded) take the same files in turn: A B A B.
The model of the loop is anomalib's own export of its own PatchCore, with the same backbone and the same input size, and
both compute in f32. Its export needs packages that the station does not use; they are put in a folder of their own.
With CHECKOUT that build takes its turn as well. With --keep, what was prepared in FOLDER is used again.

The rate of a run is that from its first verdict to its last one, so that the start of a program does not count. The
ratio is that of the medians.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from station.cli.in_turn import in_turn

THIS = Path(__file__).resolve().parents[2]
INSTALLER = THIS / "installer"
WIDTH, HEIGHT = 2448, 2048
_NOISE = 2.0
_QUALITY = 90
_BANK = 3000
FOR_EXPORT = ("ml_dtypes==0.6.0", "onnx==1.23.2", "onnx_ir==1.1.0", "onnxscript==0.7.2", "protobuf==7.36.2")
_TAUGHT = 30
_BACKBONE = "tf_efficientnet_lite0"
_LAYERS = ("blocks.2", "blocks.4")  # two, as by default there: the quicker choice
PEER = "anomalib"


def make_pictures(sources: Path, folder: Path, count: int) -> None:
    """Write `count` JPEG files of 5 MP, each of a picture of `sources`; no two are equal."""
    files = sorted(path for path in sources.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".bmp"))
    rng = np.random.default_rng(1)
    for number in range(count):
        picture = cv2.imread(str(files[number % len(files)]), cv2.IMREAD_COLOR)
        assert picture is not None, files[number % len(files)]
        large = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        noisy = (large + rng.normal(0, _NOISE, large.shape)).clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number:04}.jpg"), noisy, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])


def teach(workspace: Path, pictures: Path, model: str) -> None:
    """Teach the product "compared" from some of the pictures."""
    good = workspace / "good"
    good.mkdir(parents=True)
    for picture in sorted(pictures.iterdir())[:_TAUGHT]:
        (good / picture.name).symlink_to(picture)
    subprocess.run(_lineside(workspace, "teach", str(good), "--product", "compared", "--model", model), check=True)


def input_size(workspace: Path) -> tuple[int, int]:
    """Return height and width of the taught model's input."""
    manifest = json.loads(next((workspace / "models").glob("*/manifest.json")).read_text())
    height, width = manifest["input_size"]
    return height, width


def export_in_own_process(pictures: Path, folder: Path, size: tuple[int, int]) -> None:
    """Export anomalib's model, with the packages that only its export needs on the path of that process alone."""
    packages = folder / "packages"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    subprocess.run([*install, *FOR_EXPORT], check=True)
    paths = os.pathsep.join((str(THIS), str(INSTALLER), str(packages)))
    line = _own("--export", pictures, folder, *size)
    subprocess.run(line, check=True, env=os.environ | {"PYTHONPATH": paths}, cwd=folder)


def export_peer(pictures: Path, folder: Path, size: tuple[int, int]) -> None:
    """Export anomalib's PatchCore with a bank of features of the pictures; runs in a process of its own, with torch."""
    from station.trainer.detectors.torch_networks.torchvision_ops import make_importable  # noqa: PLC0415

    make_importable()
    import torch  # noqa: PLC0415
    from anomalib.models import Patchcore  # noqa: PLC0415
    from anomalib.pre_processing import PreProcessor  # noqa: PLC0415
    from torchvision.transforms.v2 import Compose, Normalize, Resize  # noqa: PLC0415

    from station.trainer.detectors.torch_networks.lite_backbone import load_weights  # noqa: PLC0415

    grey = [0.5] * 3
    transform = Compose([Resize(size, antialias=True), Normalize(grey, grey)])
    model = Patchcore(
        backbone=_BACKBONE,
        layers=_LAYERS,
        pre_trained=False,
        pre_processor=PreProcessor(transform=transform),
        evaluator=False,
        visualizer=False,
    )
    load_weights(model.model.feature_extractor.feature_extractor)
    model.eval()
    rows = []
    with torch.no_grad():
        for path in sorted(pictures.iterdir())[:_TAUGHT]:
            batch = torch.from_numpy(_small(path, size)).permute(2, 0, 1)[None].float() / 255
            maps = model.model.feature_extractor(transform(batch))
            pooled = {layer: model.model.feature_pooler(each) for layer, each in maps.items()}
            rows.append(model.model.reshape_embedding(model.model.generate_embedding(pooled)))
        every = torch.cat(rows)
        chosen = torch.randperm(len(every), generator=torch.Generator().manual_seed(1))[:_BANK]
        model.model.memory_bank = every[chosen].clone()
    one_picture = {"dynamic_axes": None, "dynamic_shapes": None, "opset_version": 18}  # else it exports for pairs
    model.to_openvino(folder, input_size=size, onnx_kwargs=one_picture)


def judge_by_peer(model: Path, pictures: Path, size: tuple[int, int]) -> None:
    """Print a line for each picture, as soon as it has its score."""
    from station.trainer.detectors.torch_networks.torchvision_ops import make_importable  # noqa: PLC0415

    make_importable()
    from anomalib.deploy import OpenVINOInferencer  # noqa: PLC0415

    inferencer = OpenVINOInferencer(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"})
    for path in sorted(pictures.iterdir()):
        score = float(np.asarray(inferencer.predict(_small(path, size)).pred_score).flat[0])
        print(json.dumps({"source": path.name, "pred_score": score}), flush=True)


def _small(path: Path, size: tuple[int, int]) -> np.ndarray:  # type: ignore[type-arg]
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    return cv2.resize(picture, size[::-1], interpolation=cv2.INTER_LINEAR)


def rate_of(line: Sequence[str], checkout: Path, folder: Path, count: int) -> dict[str, float]:
    """Run a program that prints a line of JSON for each picture; return its pictures a second, and its seconds."""
    begun, arrivals = time.perf_counter(), []
    used = os.times()
    with subprocess.Popen(line, env=_environment(checkout), cwd=folder, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        for each in program.stdout:
            if each.startswith("{") and "summary" not in each:
                arrivals.append(time.perf_counter())
    assert program.returncode == 0, line
    assert len(arrivals) == count, f"{len(arrivals)} verdicts for {count} pictures"
    after = os.times()
    return {
        "pictures a second": (count - 1) / (arrivals[-1] - arrivals[0]),
        "whole process, s": time.perf_counter() - begun,
        "processor, s": after.children_user + after.children_system - used.children_user - used.children_system,
    }


def _environment(checkout: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(checkout), str(INSTALLER)))}


def _lineside(workspace: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "station", "--workspace", str(workspace), *arguments]


def _own(mode: str, *arguments: object) -> list[str]:
    return [sys.executable, str(Path(__file__).resolve()), mode, *map(str, arguments)]


def compare(asked: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Return the medians of every program, and the ratios."""
    pictures, workspace, peer = folder / "pictures", folder / f"workspace {asked.model}", folder / f"peer {asked.model}"
    if not pictures.exists():
        pictures.mkdir(parents=True)
        make_pictures(asked.pictures, pictures, asked.count)
    if not workspace.exists():
        teach(workspace, pictures, asked.model)
    size = input_size(workspace)
    if not peer.exists():
        peer.mkdir()
        export_in_own_process(pictures, peer, size)
    model = next(peer.rglob("*.xml"))
    inspect = _lineside(workspace, "inspect", str(pictures), "--recipe", "compared", "--json", "-")
    programs = {"this": (inspect, THIS), PEER: (_own("--peer", model, pictures, *size), THIS)}
    if asked.other:
        programs["other"] = (inspect, asked.other.resolve())

    def run(name: str, number: int) -> dict[str, float]:
        rate = rate_of(*programs[name], peer, asked.count)
        print(f"round {number + 1}, {name}: {rate}", file=sys.stderr, flush=True)
        return rate

    rounds = in_turn({name: partial(run, name) for name in programs}, asked.rounds)
    return summed_up(rounds) | {"model": asked.model, "input": list(size), "pictures": asked.count}


def summed_up(rounds: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    """Return the median of each figure by program, and each program's rate over that of anomalib."""
    medians = {
        name: {figure: statistics.median(each[figure] for each in done) for figure in done[0]}
        for name, done in rounds.items()
    }
    rates = {name: figures["pictures a second"] for name, figures in medians.items()}
    ratios = {f"{name} over {PEER}": rate / rates[PEER] for name, rate in rates.items() if name != PEER}
    return {"medians": medians, "ratios": ratios}


def main() -> None:
    """Measure and print, or be one of the programs that are measured."""
    match sys.argv[1:]:
        case ["--export", pictures, folder, height, width]:
            return export_peer(Path(pictures), Path(folder), (int(height), int(width)))
        case ["--peer", model, pictures, height, width]:
            return judge_by_peer(Path(model), Path(pictures), (int(height), int(width)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--model", default="balanced")
    parser.add_argument("--other", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    asked.pictures = asked.pictures.resolve()
    with tempfile.TemporaryDirectory() as folder:
        result = compare(asked, asked.keep.resolve() if asked.keep else Path(folder))
    print(json.dumps(result, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1))
    return None


if __name__ == "__main__":
    main()
