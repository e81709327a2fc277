"""Teach the demo's models from the simulated line, and put them into resources/demo.

    .venv/bin/python installer/build_demo_model.py [PRODUCT ...]

The limit comes from held-out good parts and from labelled defects; whether it is good is
then asked of lines (seeds) that had no part in it, and a model that agrees with the truth too seldom is not kept.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2

from station.camera.simulated import SimulatedCamera
from station.camera.simulation.line import PRODUCTS, PartTruth
from station.domain.frame import Frame, Image
from station.domain.rates import Rate
from station.domain.recipe import InferenceSettings
from station.domain.verdict import Limits, Verdict, judge
from station.inference.model_package import MANIFEST, ModelDescription, ModelPackage, load_package, write_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.learning.presets import Method, UseOfDefects
from station.learning.progress import Progress
from station.learning.session import Session
from station.learning.teaching import teach
from station.vision.preprocess import Preprocessor
from station.workspace import Workspace

DEMO = Path(__file__).resolve().parents[1] / "resources" / "demo"
SMALL = Method(
    name="demo",
    stages=(2, 4),
    cell_px=8,
    pca_components=96,
    coreset_size=1500,
    smoothing_cells=1.0,
    fp16_weights=True,
)
GOOD_PARTS, GOOD_SEED = 160, 1001
DEFECTS, DEFECT_SEED = 120, 1002
UNSEEN_PARTS, UNSEEN_SEEDS = 200, (1, 2, 3, 4, 5)
LEAST_AGREEMENT = 0.98


def main() -> int:
    """Build the models of the products on the command line, or of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", nargs="*", default=sorted(PRODUCTS))
    return max(build(product) for product in parser.parse_args().products)


def build(product: str) -> int:
    """Draw, teach, check, keep; the exit code is 1 when the model is not good enough to be kept."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pictures"
        draw_dataset(product, folder)
        taught = teach(
            folder,
            product,
            Workspace.open(Path(temporary) / "workspace"),
            method=SMALL,
            use=UseOfDefects(limit_from="labels"),
            session=Session(on_progress=show),
        )
        agreement = agreement_on_unseen_lines(product, taught.package, Path(temporary))
        print(f"{product}: {agreement.count} of {agreement.n} verdicts on unseen lines agree with the truth")
        if agreement.count < LEAST_AGREEMENT * agreement.n:
            print(f"{product}: not kept, at least {LEAST_AGREEMENT:.0%} are wanted", file=sys.stderr)
            return 1
        keep(taught.package, product)
    return 0


def draw_dataset(product: str, folder: Path) -> None:
    """Good parts to learn from, good and defective ones of another line to set and measure the limit."""
    for number, (image, _) in enumerate(parts(product, GOOD_SEED, GOOD_PARTS, defect_share=0)):
        write(folder / "train" / "good" / f"{number:04}.png", image)
    for number, (image, truth) in enumerate(parts(product, DEFECT_SEED, 2 * DEFECTS, defect_share=0.5)):
        write(folder / "test" / truth.kind / f"{number:04}.png", image)


def agreement_on_unseen_lines(product: str, package: ModelPackage, scratch: Path) -> Rate:
    """How many parts of lines that taught nothing are judged as they truly are."""
    predictor = OpenVinoPredictor(package, InferenceSettings(), scratch / "compiled")
    preprocessor = Preprocessor(predictor.input_size)
    agreed = [
        (judge(predictor.predict(preprocessor.run(image).model_input), Limits()) is Verdict.FAIL) == truth.defective
        for seed in UNSEEN_SEEDS
        for image, truth in parts(product, seed, UNSEEN_PARTS, defect_share=0.2)
    ]
    predictor.close()
    return Rate(sum(agreed), len(agreed))


def parts(product: str, seed: int, count: int, *, defect_share: float) -> Iterator[tuple[Image, PartTruth]]:
    """The first parts of a simulated line, with the truth about each."""
    camera = SimulatedCamera(product, seed=seed, rate_hz=0, defect_share=defect_share)
    camera.start()
    for _ in range(count):
        frame = camera.fetch(timeout_s=10)
        assert isinstance(frame, Frame)
        yield frame.image, camera.part_truth(frame.frame_id)
    camera.close()


def keep(package: ModelPackage, product: str) -> None:
    """Put the package into the resources, in place of an older one."""
    shutil.rmtree(DEMO / product, ignore_errors=True)
    description = ModelDescription(**{name: getattr(package.manifest, name) for name in ModelDescription.model_fields})
    files = {name: package.folder / name for name in package.file_names if name != MANIFEST}
    write_package(DEMO, product, description, files)
    size = sum(path.stat().st_size for path in load_package(DEMO / product).folder.iterdir())
    print(f"{product}: kept, {size / 1e6:.1f} MB")


def write(path: Path, image: Image) -> None:
    """Lossless, in the layout that teaching reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))


def show(progress: Progress) -> None:
    """One line for each finished stage."""
    if progress.total and progress.done == progress.total:
        print(progress.stage, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
