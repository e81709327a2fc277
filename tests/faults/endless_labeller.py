"""Labels, draws masks, imports and freezes in an open station, and says so of each, until it is killed.

For each line on its input it starts one such station; what it has to load is loaded once for all.

    endless_labeller.py WORKSPACE SOURCE [teach]

SOURCE is the folder of the pictures that it imports. The pictures of Ada stay good, or too few would be left to teach
from. With "teach" each station queues a training first.
"""

import os
import random
import sys
from functools import partial
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from endless import run_for_each_line, say

from station.app import Station
from station.domain.dataset import Label
from station.domain.digest import sha256_hex
from station.domain.training import TrainingOrder
from station.learning.working_set import exporting, freezing, importing

PRODUCT = "disc"
LOADED = (exporting, freezing, importing)
"""Loaded before the first fork, or each station would spend most of its life on that."""


class Labeller:
    """One engineer in a hurry."""

    def __init__(self, station: Station, source: Path) -> None:
        self._station = station
        self._source = source
        self._chance = random.Random(os.getpid())

    def work(self) -> None:
        """Never return."""
        steps = (self._label, self._label, self._draw, self._draw, self._bring_in, self._freeze)
        for number in count():
            self._chance.choice(steps)(f"{os.getpid()}-{number}")

    def teach(self) -> None:
        """Queue a training of the newest version."""
        version = self._station.datasets.versions(PRODUCT)[0].version
        say(f"run {self._station.training.enqueue(TrainingOrder(PRODUCT, '', version, 'fast')).number}")

    def _item(self) -> int:
        items = self._station.datasets.items(PRODUCT)
        return self._chance.choice([item.item_id for item in items if item.added_by != "Ada"])

    def _label(self, token: str) -> None:
        item, label = self._item(), self._chance.choice(list(Label))
        self._station.datasets.label([item], label, "dent", token)
        say(f"label {item} {token} {label}")

    def _draw(self, token: str) -> None:
        item = self._item()
        size = self._station.datasets.picture(item).shape[:2]
        mask = np.random.default_rng(self._chance.randrange(2**32)).integers(0, 2, size, np.uint8)
        self._station.datasets.save_mask(item, mask, token)
        say(f"mask {item} {token} {sha256_hex(mask.tobytes())}")

    def _bring_in(self, token: str) -> None:
        file = self._source / f"{token}.png"
        noise = np.random.default_rng(abs(hash(token))).integers(0, 256, (48, 64), np.uint8)
        file.write_bytes(cv2.imencode(".png", noise)[1].tobytes())
        added = self._station.datasets.import_folder(file, PRODUCT, person=token)
        say(f"picture {added.item_ids[0]} {token} {file.name}")

    def _freeze(self, token: str) -> None:
        say(f"version 0 {token} {self._station.datasets.freeze(PRODUCT, person=token).version}")


def learn(root: Path, source: Path, teaches: bool) -> None:
    """Open the station and work in it. Never returns."""
    with Station.open(root) as station:
        labeller = Labeller(station, source)
        if teaches:
            labeller.teach()
        labeller.work()


if __name__ == "__main__":
    run_for_each_line(partial(learn, Path(sys.argv[1]), Path(sys.argv[2]), "teach" in sys.argv[3:]))
