"""One small product, drawn, and taught once for all tests: real training, real export, real evaluation."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.learning.presets import Method
from station.learning.teaching import Taught, teach
from station.workspace import Workspace

SIZE = (96, 128)
_NO_NETWORK = """
import os, sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"tried to reach {arguments}".encode())
        os._exit(99)
sys.addaudithook(forbid)
"""


def draw_part(seed: int, spot: tuple[int, int] | None = None) -> np.ndarray:
    """A disc with four holes on a dark belt, a little noisy and shifted; a dark spot is its defect."""
    rng = np.random.default_rng(seed)
    image = np.full((*SIZE, 3), 60, np.uint8)
    x, y = 64 + int(rng.integers(-1, 2)), 48 + int(rng.integers(-1, 2))
    cv2.circle(image, (x, y), 38, (170, 165, 150), -1)
    for dx, dy in ((-18, 0), (18, 0), (0, -18), (0, 18)):
        cv2.circle(image, (x + dx, y + dy), 5, (70, 70, 70), -1)
    if spot:
        cv2.circle(image, spot, 6, (20, 25, 110), -1)
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def write(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


@pytest.fixture(scope="session")
def tiny() -> Method:
    """The real method, made small."""
    return Method(name="tiny", stages=(2, 4), side_px=128, pca_components=32, coreset_size=300)


@pytest.fixture(scope="session")
def disc_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 good discs to learn from; 6 good ones and 8 with a spot, masked, to test with."""
    folder = tmp_path_factory.mktemp("discs")
    for number in range(24):
        write(folder / f"train/good/{number:02}.png", draw_part(number))
    for number in range(6):
        write(folder / f"test/good/{number:02}.png", draw_part(100 + number))
    for number in range(8):
        spot = (52 + 3 * number, 36 + 3 * number)
        mask = cv2.circle(np.zeros(SIZE, np.uint8), spot, 6, 255, -1)
        write(folder / f"test/spot/{number:02}.png", draw_part(200 + number, spot))
        write(folder / f"ground_truth/spot/{number:02}_mask.png", mask)
    return folder


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def no_network(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PYTHONPATH under which a Python process ends when it looks for a network."""
    folder = tmp_path_factory.mktemp("no-network")
    (folder / "sitecustomize.py").write_text(_NO_NETWORK)
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.fixture(scope="session")
def taught(disc_folder: Path, workspace: Workspace, tiny: Method, no_network: str) -> Taught:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", no_network)
        return teach(disc_folder, "disc", workspace, method=tiny)
