"""Random trees of the words of the trade: no defect or mask is ever learned as good, and no file is passed over."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drawn_parts import mask, part
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.learning.datasets import import_folder
from station.learning.layout.labelled import Reading
from station.learning.layout.reading import read_layout

Truth = Literal["good", "defect", "mask", "stray"]

WORDS = {
    "good": """ok good normal io i.O. gut Gutteile OK-Teile iO fehlerfrei bon bonnes conforme Buono buoni
        bueno conformes 良品 合格 正常 goodparts passed accepted OK品""",
    "defect": """ng nok NOK ko bad defect defects Defekt n.i.O. nio niO schlecht Ausschuss Ausschuß Fehler
        fehlerhaft rebut mauvais défaut Défauts scarto difetto defecto Rechazados anomaly anomalies
        abnormal reject rejects scrap fail
        failed 不良品 不合格 異常 缺陷 NG品 badparts scratch crack Kratzer rayures graffi not_ok non_conforme NichtOK
        damaged faulty""",
    "mask": "ground_truth masks mask mask_dir GT Masken masques maschere groundtruth segmentation マスク",
    "train": "train Train training TRAIN lernen",
    "test": "test Test testing TEST test_public",
    "stray": "glorp Kiste_7 Review unklar heatmaps S0001 assorted Tabelle misc",
    "day": "monday 2026-11-28 Montag lot_7 cam1 Schicht_2",
}


def word(draw: st.DrawFn, what: str) -> str:
    return draw(st.sampled_from(WORDS[what].split()))


@dataclass(frozen=True)
class Drawn:
    """A file of a tree, and what it truly is."""

    place: str
    truth: Truth


def dressed(draw: st.DrawFn, plain: str) -> str:
    """Return the word in another case, numbered, or with a filler behind it."""
    word = draw(st.sampled_from([plain, plain, plain.upper(), plain.lower(), plain.capitalize()]))
    return draw(st.sampled_from(["{}", "{}", "{}", "01_{}", "{}_2", "{} parts", "{}-Bilder"])).format(word)


class Trunk:
    """A tree that is being drawn: labels at some level, splits and days around them, masks in several places."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.top = draw(st.sampled_from(["", "", "plate/", "broken glass/", "images/"]))
        self.days = ["" if draw(st.booleans()) else word(draw, "day") for _ in range(2)]
        self.files: dict[str, Truth] = {}

    def add(self, truth: Truth, label: str, split: str) -> list[str]:
        """Add one to three files of one label, and return their places."""
        levels = [split, self.days[0], label, self.days[1]]
        above = self.top + "/".join(filter(None, levels))
        ending = self.draw(st.sampled_from([".png", ".bmp", ".PNG"]))
        places = [f"{above}/{number:03}{ending}" for number in range(self.draw(st.integers(1, 3)))]
        self.files |= dict.fromkeys(places, truth)
        return places

    def add_mask_of(self, place: str, label: str) -> None:
        """Add a mask beside the picture, or in a folder for masks."""
        stem = place.rpartition("/")[2].partition(".")[0]
        home = f"{self.top}{word(self.draw, 'mask')}/{label}"
        marked = self.draw(st.sampled_from(["mask", "MASK", "gt", "Maske"]))
        beside = f"{place.rpartition('/')[0]}/{stem}_{marked}.png"
        self.files[self.draw(st.sampled_from([beside, f"{home}/{stem}.png", f"{home}/{stem}/000.png"]))] = "mask"


@st.composite
def trees(draw: st.DrawFn) -> list[Drawn]:
    """Draw a tree of good parts, defects, masks and strays."""
    trunk, split = Trunk(draw), draw(st.booleans())
    train, test = (dressed(draw, word(draw, what)) if split else "" for what in ("train", "test"))
    trunk.add("good", dressed(draw, word(draw, "good")), train)
    if split and draw(st.booleans()):
        trunk.add("good", dressed(draw, word(draw, "good")), test)
    for _ in range(draw(st.integers(0, 2))):
        label = dressed(draw, word(draw, "defect"))
        places = trunk.add("defect", label, draw(st.sampled_from([test, train])))
        if draw(st.booleans()):
            trunk.add_mask_of(places[0], label)
    if draw(st.integers(0, 3)) == 0:
        trunk.add("stray", word(draw, "stray"), draw(st.sampled_from(["", train, test])))
    if draw(st.integers(0, 5)) == 0:
        trunk.files[f"{trunk.top}overview.png"] = "stray"
    if draw(st.integers(0, 5)) == 0:
        trunk.files[f"{trunk.top}{word(draw, 'stray')}/looks_like_nothing.png"] = "mask"
    return [Drawn(place, truth) for place, truth in trunk.files.items()]


def build(folder: Path, tree: list[Drawn]) -> None:
    for seed, one in enumerate(tree):
        if one.truth == "mask":
            mask(folder / one.place)
        else:
            part(folder / one.place, seed)


def left_out(reading: Reading) -> int:
    """Return how many files the notes say were left out."""
    return sum(int(found) for note in reading.notes for found in re.findall(r"^(\d+) pictures? left out", note))


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees())
def test_that_no_defect_mask_or_stray_is_learned_and_every_file_is_used_or_named(tree: list[Drawn]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "set"
        build(folder, tree)
        truth = {(folder / one.place).resolve(): one.truth for one in tree}
        try:
            reading = read_layout(folder)
        except BadInputError:
            return
        good = {picture.path.resolve() for picture in reading.pictures if picture.good}
        assert {truth[path] for path in good} <= {"good"}, reading.sentences()
        defects = {picture.path.resolve() for picture in reading.pictures if not picture.good}
        assert "good" not in {truth[path] for path in defects}, reading.sentences()
        assert {truth[mask.resolve()] for picture in reading.pictures for mask in picture.masks} <= {"mask"}
        masks = {mask.resolve() for picture in reading.pictures for mask in picture.masks}
        assert len(good) + len(defects) + len(masks) + left_out(reading) == len(tree), reading.sentences()
        assert sum(group.count for group in reading.groups) == len(good) + len(defects) + len(masks)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.sampled_from(["monday", "tuesday", "a", "b", ""]), min_size=1, max_size=4, unique=True),
    st.sampled_from(["", "x", "monday"]),
    st.sampled_from(["7.png", "000_mask.png", "000.bmp", "mask.png", "drawn.png"]),
)
def test_that_a_mask_in_a_plain_folder_is_never_learned(days: list[str], place: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "set"
        for day in days:
            for number in range(2):
                part(folder / day / f"{number:03}.png")
        hidden = mask(folder / place / name)
        try:
            dataset = import_folder(folder, "gear", Path(temporary) / "datasets")
        except BadInputError:
            return
        assert hidden.read_bytes() not in {picture.path.read_bytes() for picture in dataset.pictures_of("train")}
