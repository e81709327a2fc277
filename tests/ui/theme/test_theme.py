"""Both themes can be read, also by people who see red and green alike."""

import itertools

import numpy as np
import pytest

from station.domain.verdict import Verdict
from station.domain.verdict_colours import LIGHT
from ui.theme.sizes import sizes_for
from ui.theme.theme import THEMES, Theme, style_sheet

# Linear RGB as a dichromat sees it (Machado, Oliveira and Fernandes 2009, severity 1).
BLIND = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    ratio = np.clip(XYZ @ light / WHITE, 0, None)
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.fixture(params=sorted(THEMES))
def colours(request):
    return THEMES[request.param]


def test_that_all_text_contrasts_with_its_background(colours) -> None:
    grounds = (colours.background, colours.panel, colours.field)
    inks = [colours.text, colours.muted, *(colours.of(verdict).text for verdict in Verdict)]
    pairs = list(itertools.product(inks, grounds))
    pairs += [(colours.of(verdict).on_fill, colours.of(verdict).fill) for verdict in Verdict]
    pairs += [
        (colours.on_strong, colours.strong),
        (colours.on_accent, colours.accent),
        (colours.on_alarm, colours.alarm),
    ]
    too_faint = [(ink, ground, contrast(ink, ground)) for ink, ground in pairs if contrast(ink, ground) < 4.5]
    assert too_faint == []


def test_that_the_edges_of_keys_can_be_seen_on_every_ground(colours) -> None:
    assert min(contrast(colours.edge, ground) for ground in (colours.background, colours.panel, colours.field)) >= 3


def test_that_verdicts_on_paper_stand_out_from_white() -> None:
    assert min(contrast(LIGHT[verdict].text, "#FFFFFF") for verdict in Verdict) >= 4.5


@pytest.mark.parametrize("kind", sorted(BLIND))
def test_that_no_two_verdicts_look_alike_to_a_dichromat(colours, kind: str) -> None:
    seen = {verdict: lab(np.array(BLIND[kind]) @ linear(colours.of(verdict).fill)) for verdict in Verdict}
    for one, other in itertools.combinations(Verdict, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 15, (one, other)


def test_that_a_fail_is_framed_in_another_shade_than_its_field(colours) -> None:
    assert contrast(colours.of(Verdict.FAIL).frame, colours.of(Verdict.FAIL).fill) > 1.8


def test_that_the_style_sheet_has_all_its_colours_and_sizes(colours) -> None:
    sheet = style_sheet(Theme(colours, sizes_for(1280, 800, 96)))
    assert "$" not in sheet
    assert colours.of(Verdict.FAIL).fill in sheet
