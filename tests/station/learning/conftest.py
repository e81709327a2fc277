"""One small product, drawn, and taught once for all tests: real training, real export, real evaluation."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_discs import SIZE, draw_disc, write

from station.learning.presets import Method
from station.learning.teaching import Taught, teach
from station.workspace import Workspace

_NO_NETWORK = """
import os, sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"tried to reach {arguments}".encode())
        os._exit(99)
sys.addaudithook(forbid)
"""


@pytest.fixture(scope="session")
def tiny() -> Method:
    """The real method, made small."""
    return Method(
        name="tiny", stages=(2, 4), side_px=128, pca_components=32, coreset_size=300, cell_px=8, smoothing_cells=1.5
    )


@pytest.fixture(scope="session")
def disc_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 good discs to learn from; 6 good ones and 8 with a spot, masked, to test with."""
    folder = tmp_path_factory.mktemp("discs")
    for number in range(24):
        write(folder / f"train/good/{number:02}.png", draw_disc(number))
    for number in range(6):
        write(folder / f"test/good/{number:02}.png", draw_disc(100 + number))
    for number in range(8):
        spot = (52 + 3 * number, 36 + 3 * number)
        mask = cv2.circle(np.zeros(SIZE, np.uint8), spot, 6, 255, -1)
        write(folder / f"test/spot/{number:02}.png", draw_disc(200 + number, spot))
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
