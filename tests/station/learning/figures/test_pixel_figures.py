"""The figures of pixels are those of their definition to a millionth, also with ties, and anomalib's too."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from station.learning.figures import pixel_figures as under_test
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.marks import Marks, PackedMask, SaturatedMask
from station.learning.figures.pixel_figures import PixelFigures, pixel_figures
from station.learning.labels import GOOD
from station.learning.metrics import auroc, best_f1, f1

SIZE = (26, 34)
SEEDS = st.integers(0, 2**32 - 1)
LEVELS = st.sampled_from([2, 7, 40, None])
"""How many different scores there are; None: hardly two are equal."""


@dataclass(frozen=True)
class Drawn:
    """A picture as the definition needs it; each mask with the pixels that are enough."""

    kind: str
    scores: NDArray[np.float32]
    masks: Sequence[tuple[NDArray[np.bool_], int]] = ()

    @property
    def union(self) -> NDArray[np.bool_]:
        return np.logical_or.reduce([np.zeros(self.scores.shape, bool), *(mask for mask, _ in self.masks)])


def drawn_pictures(seed: int, levels: int | None, size: tuple[int, int] = SIZE) -> list[Drawn]:
    """Two good parts and two of each of two kinds, with blotchy overlapping masks; scores as a logistic curve gives."""
    rng = np.random.default_rng(seed)
    found = []
    for kind in (GOOD, GOOD, "dent", "dent", "scratch", "scratch"):
        masks = [] if kind == GOOD else [blotch(rng, size), blotch(rng, size)]
        union = np.logical_or.reduce([np.zeros(size, bool), *masks])
        raw = cv2.GaussianBlur(rng.normal(-2, 4, size), (0, 0), 1) + rng.uniform(0, 3) * union
        scores = 1 / (1 + np.exp(-raw))
        if levels:
            scores = np.round(scores * levels) / levels
        enough = [int(rng.integers(1, mask.sum() + 1)) for mask in masks]
        found.append(Drawn(kind, scores.astype(np.float32), list(zip(masks, enough, strict=True))))
    return found


def blotch(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.bool_]:
    field = cv2.GaussianBlur(rng.random(size), (0, 0), 2)
    return field > np.quantile(field, rng.uniform(0.7, 0.95))


def measured(pictures: Sequence[Drawn]) -> PixelFigures:
    counted: dict[str, list[CountedPicture]] = {}
    for picture in pictures:
        height, width = picture.scores.shape
        saturated = tuple(SaturatedMask(PackedMask.of(mask), enough) for mask, enough in picture.masks)
        marks = Marks(PackedMask.of(picture.union), saturated) if picture.masks else None
        one, _ = CountedPicture.of(picture.scores, (0, 0, width, height), (height, width), marks)
        counted.setdefault(picture.kind, []).append(one)
    return pixel_figures(counted)


def by_definition(pictures: Sequence[Drawn]) -> dict[str, float]:
    """One limit after the other, as the papers of MVTec AD and MVTec LOCO define the figures."""
    normal = np.sort(np.concatenate([picture.scores[~picture.union] for picture in pictures]))
    marked = np.sort(np.concatenate([picture.scores[picture.union] for picture in pictures]))
    regions, masks = [], []
    for picture in pictures:
        count, labels = cv2.connectedComponents(picture.union.astype(np.uint8), connectivity=8)
        regions += [np.sort(picture.scores[labels == label]) for label in range(1, count)]
        masks += [(np.sort(picture.scores[mask]), enough) for mask, enough in picture.masks]
    limits = np.unique(np.concatenate([normal, marked]))[::-1]
    rates = np.append(0, [at_or_above(normal, limit) / len(normal) for limit in limits])
    tpr = np.append(0, [at_or_above(marked, limit) / len(marked) for limit in limits])
    pro = np.append(0, [np.mean([at_or_above(each, limit) / len(each) for each in regions]) for limit in limits])
    spro = np.append(
        0, [np.mean([min(1, at_or_above(each, limit) / enough) for each, enough in masks]) for limit in limits]
    )
    return {
        "pixel_auroc": area_to(1, rates, tpr),
        "aupro": area_to(0.3, rates, pro),
        "aupro_5": area_to(0.05, rates, pro),
        "spro": area_to(0.05, rates, spro),
    }


def at_or_above(ordered: NDArray[np.float32], limit: float) -> int:
    return len(ordered) - int(np.searchsorted(ordered, limit, side="left"))


def area_to(limit: float, rates: NDArray[np.float64], heights: NDArray[np.float64]) -> float:
    """The trapezoids below the limit, and the part of the one that the limit cuts."""
    area = 0.0
    for x, x_next, y, y_next in zip(rates, rates[1:], heights, heights[1:], strict=False):
        if x_next > x and x < limit:
            end = min(x_next, limit)
            y_end = y + (y_next - y) * (end - x) / (x_next - x)
            area += (end - x) * (y + y_end) / 2
    return area / limit


def values(estimates) -> dict[str, float]:
    return {name: figure.value for name, figure in estimates.items()}


@pytest.mark.slow
@settings(max_examples=6)
@given(SEEDS, LEVELS)
def test_that_the_figures_are_those_of_the_definition_also_with_ties(seed, levels):
    pictures = drawn_pictures(seed, levels)
    figures = measured(pictures)
    assert figures.error <= 1e-6
    spros = []
    for kind in ("dent", "scratch"):
        expected = by_definition([picture for picture in pictures if picture.kind in (GOOD, kind)])
        assert values(figures.per_kind[kind]) == pytest.approx(expected, abs=1e-6)
        spros.append(expected["spro"])
    assert values(figures.together) == pytest.approx(by_definition(pictures) | {"spro": np.mean(spros)}, abs=1e-6)


@pytest.mark.slow
def test_that_a_map_of_the_size_of_a_camera_picture_is_as_exact(monkeypatch):
    """Millions of different scores share the bins; the error that the counts prove is real, and small."""
    pictures = drawn_pictures(7, None, (400, 500))
    exact = measured(pictures)
    assert 0 < exact.error <= 1e-6
    monkeypatch.setattr(under_test, "_LEAST_BINS", 1 << 12)
    monkeypatch.setattr(under_test, "_MOST_BINS", 1 << 13)
    rough = measured(pictures)
    assert rough.error > 1e-5
    for name, figure in exact.together.items():
        assert rough.together[name].value == pytest.approx(figure.value, abs=rough.error)


@pytest.mark.slow
def test_that_more_bins_are_taken_if_the_first_are_too_few(monkeypatch):
    pictures = drawn_pictures(7, None, (400, 500))
    monkeypatch.setattr(under_test, "_SHARE_OF_NEEDED", 0.001)
    assert measured(pictures).error <= 1e-6


def test_that_scores_that_differ_in_their_last_bit_alone_are_kept_apart():
    rng = np.random.default_rng(3)
    union = np.zeros((400, 500), bool)
    union[50:150, 60:200] = True
    near = np.float32(0.3).view(np.uint32) + rng.integers(0, 5, union.shape, np.uint32) + union
    picture = Drawn("dent", near.astype(np.uint32).view(np.float32), [(union, 40)])
    figures = measured([picture])
    assert figures.error == 0
    assert values(figures.together) == pytest.approx(by_definition([picture]), abs=1e-12)


def test_that_a_small_region_weighs_as_much_as_a_large_one_in_aupro():
    mask = np.zeros((40, 40), bool)
    mask[2:4, 2:4] = mask[10:30, 10:30] = True
    found_large = np.full((40, 40), 0.1, np.float32)
    found_large[10:30, 10:30] = 0.9
    figures = measured([Drawn("dent", found_large, [(mask, 1)])]).together
    assert figures["aupro"].value == pytest.approx(0.5 + 0.5 * 0.3 / 2)
    assert figures["aupro_5"].value == pytest.approx(0.5 + 0.5 * 0.05 / 2)


def test_that_a_mask_is_found_whole_as_soon_as_enough_of_it_is():
    mask = np.zeros((40, 40), bool)
    mask[10:30, 10:30] = True
    scores = np.full((40, 40), 0.1, np.float32)
    scores[10:15, 10:20] = 0.9
    assert measured([Drawn("gap", scores, [(mask, 50)])]).together["spro"].value == 1.0
    assert measured([Drawn("gap", scores, [(mask, 100)])]).together["spro"].value == pytest.approx(0.5 + 0.5 * 0.025)


def test_that_a_perfect_map_has_full_marks_even_at_the_ends_of_the_scale():
    mask = np.zeros((20, 20), bool)
    mask[5:9, 5:9] = True
    figures = measured([Drawn("dent", mask.astype(np.float32), [(mask, 16)]), Drawn(GOOD, np.zeros((20, 20), "f4"))])
    assert values(figures.together) == dict.fromkeys(("pixel_auroc", "aupro", "aupro_5", "spro"), 1.0)
    assert figures.error == 0


def test_that_pixel_figures_without_a_marked_defect_are_unknown():
    figures = measured([Drawn(GOOD, np.full((9, 9), 0.3, np.float32))])
    assert (figures.together, figures.per_kind) == ({}, {})
    assert pixel_figures({}).together == {}


def test_that_a_mask_over_the_whole_picture_gives_no_warning():
    whole = Drawn("dent", np.full((8, 8), 0.7, np.float32), [(np.ones((8, 8), bool), 64)])
    figures = measured([whole, Drawn(GOOD, np.full((8, 8), 0.2, np.float32))])
    assert values(figures.together) == dict.fromkeys(("pixel_auroc", "aupro", "aupro_5", "spro"), 1.0)
    assert measured([whole]).together == {}


@pytest.mark.slow
def test_that_the_interval_holds_the_figure_and_shrinks_with_more_pictures():
    few = drawn_pictures(4, None)
    many = few * 9
    wide, narrow = measured(few).together, measured(many).together
    for name in ("pixel_auroc", "aupro", "aupro_5", "spro"):
        assert wide[name].low <= wide[name].value <= wide[name].high
        assert narrow[name].low <= narrow[name].value <= narrow[name].high
        widths = [each[name].high - each[name].low for each in (narrow, wide)]
        assert widths[0] / widths[1] == pytest.approx(1 / 3, abs=0.1)


def test_that_a_single_picture_has_figures_and_no_interval():
    figures = measured(drawn_pictures(1, None)[2:3])
    assert figures.together["aupro"].interval is None


@pytest.fixture(scope="module")
def anomalib():
    """The metrics of anomalib, which warns while it is imported."""
    torch = pytest.importorskip("torch", reason="anomalib needs the training extra")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from station.trainer.detectors.torch_networks.torchvision_ops import make_importable  # noqa: PLC0415 - before anything imports torchvision

        make_importable()
        import anomalib.metrics  # noqa: PLC0415 - slow to load

        yield anomalib.metrics, torch


@pytest.mark.slow
@pytest.mark.parametrize("levels", [None, 40])
def test_that_anomalib_gives_the_same_figures_of_the_same_maps(anomalib, levels):
    metrics, torch = anomalib
    pictures = drawn_pictures(11, levels)
    maps = torch.tensor(np.stack([picture.scores for picture in pictures]))[:, None]
    masks = torch.tensor(np.stack([picture.union for picture in pictures]))
    ours = values(measured(pictures).together)
    for name, theirs in (
        ("pixel_auroc", metrics.auroc._AUROC()),
        ("aupro", metrics.aupro._AUPRO(fpr_limit=0.3)),
        ("aupro_5", metrics.aupro._AUPRO(fpr_limit=0.05)),
    ):
        theirs.update(maps[:, 0], masks.int())
        assert ours[name] == pytest.approx(float(theirs.compute()), abs=1e-6), name


@pytest.mark.slow
def test_that_anomalib_gives_the_same_figures_of_the_same_scores(anomalib):
    metrics, torch = anomalib
    rng = np.random.default_rng(2)
    good = np.round(rng.beta(2, 6, 60), 2).astype(np.float32)
    defects = np.round(rng.beta(5, 4, 45), 2).astype(np.float32)
    scores, labels = torch.tensor(np.concatenate([good, defects])), torch.tensor([0] * 60 + [1] * 45)
    for ours, theirs in (
        (auroc(good.astype(float), defects.astype(float)), metrics.auroc._AUROC()),
        (best_f1(good.astype(float), defects.astype(float)).f1, metrics.f1_score._F1Max()),
        (
            f1(int((defects > 0.5).sum()), int((good > 0.5).sum()), int((defects <= 0.5).sum())),
            metrics.f1_score.BinaryF1Score(),
        ),
    ):
        theirs.update(scores, labels)
        assert ours == pytest.approx(float(theirs.compute()), abs=1e-6)
