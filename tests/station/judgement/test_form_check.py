"""Frames that are not of the form that a view was taught from."""

import time
from datetime import UTC, datetime

import numpy as np
import pytest

from station.domain.frame import Frame, NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.picture_form import Colour, DepthFrom, PictureForm
from station.domain.verdict import Verdict

CALM = np.full((4, 4), 0.1, np.float32)
RNG = np.random.default_rng(0)
GREY = RNG.integers(120, 136, (48, 64), np.uint8)
RED = np.dstack([GREY + 60, GREY, GREY])
EQUAL = np.dstack([GREY] * 3)
RAW_12 = GREY.astype(np.uint16) * 16
LIGHT_16 = GREY.astype(np.uint16) * 257
OF_8 = PictureForm()
OF_12 = PictureForm(bits=12, stored_bits=16)
KNOWN_12 = {"significant_bits": 12, "depth_from": DepthFrom.KNOWN}
DARK = "16 bits with no value above"


def frame(image: np.ndarray, **known) -> Frame:
    bits = 8 * image.itemsize
    known = {"significant_bits": bits, "depth_from": DepthFrom.UNKNOWN if bits == 16 else DepthFrom.KNOWN} | known
    return Frame(image.copy(), 1, datetime.now(UTC), time.monotonic_ns(), "a.png", **known)


def taught(colour: Colour = Colour.EITHER, width: int = 0, height: int = 0, coding: str = "") -> PictureForm:
    return PictureForm(colour=colour, width=width, height=height, coding=coding)


@pytest.mark.parametrize(
    ("form", "seen", "sentence"),
    [
        (taught(Colour.COLOUR), frame(GREY), "grey picture, taught in colour: check PixelFormat"),
        (taught(Colour.COLOUR), frame(EQUAL), "grey picture, taught in colour: check PixelFormat"),
        (taught(Colour.GREY), frame(RED), "colour picture, taught in grey: check PixelFormat"),
        (taught(width=32, height=48), frame(GREY), "64 x 48 pixels, taught from 32 x 48"),
        (OF_12, frame(RAW_12 + 2000), "above the 12 bits of the pictures it was taught from"),
        (OF_12, frame(RAW_12, significant_bits=10, depth_from=DepthFrom.NOTED), "above the 10 bits that the file says"),
        (
            None,
            frame(RAW_12, significant_bits=10, depth_from=DepthFrom.KNOWN),
            "above the 10 bits that the picture has",
        ),
        (OF_8, frame(RAW_12), f"{DARK} 2160, taught with 8 bits"),
    ],
)
def test_that_a_frame_of_another_form_is_not_inspected_and_says_why(make_inspector, form, seen, sentence) -> None:
    result = make_inspector(0.1, CALM, form=form).inspect(seen)
    record = result.inspection
    assert (record.verdict, record.cause) == (Verdict.NOT_INSPECTED, NotInspectedCause.WRONG_PICTURE)
    assert sentence in record.reason
    assert result.original is seen.image


@pytest.mark.parametrize(
    ("form", "seen", "conversion"),
    [
        (taught(Colour.GREY), frame(GREY), ""),
        (taught(Colour.GREY), frame(EQUAL), ""),
        (taught(Colour.COLOUR), frame(RED), ""),
        (taught(width=64, height=48), frame(GREY), ""),
        (OF_12, frame(RAW_12), "taken for 12 bits, as taught"),
        (OF_12, frame(RAW_12, significant_bits=12, depth_from=DepthFrom.NOTED), ""),
        (OF_12, frame(GREY), "8 bits, taught with 12"),
        (OF_8, frame(LIGHT_16), "16 bits, taught with 8"),
        (OF_8, frame(RAW_12, **KNOWN_12), "12 bits, taught with 8"),
        (taught(coding="lossless"), frame(GREY, coding="JPEG 4:2:0"), "JPEG 4:2:0, taught from lossless"),
        (taught(coding="JPEG 4:2:0, lossless"), frame(GREY, coding="JPEG 4:2:0"), ""),
        (None, frame(RED, coding="JPEG 4:2:0"), ""),
    ],
)
def test_that_a_frame_that_fits_is_judged_and_what_differs_is_said(make_inspector, form, seen, conversion) -> None:
    record = make_inspector(0.1, CALM, form=form).inspect(seen).inspection
    assert (record.verdict, record.conversion) == (Verdict.PASS, conversion)


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        (OF_12, frame(RAW_12)),
        (OF_12, frame(GREY)),
        (OF_8, frame(LIGHT_16)),
        (None, frame(RAW_12, **KNOWN_12)),
    ],
)
def test_that_the_model_sees_the_same_light_at_every_depth(make_inspector, form, seen) -> None:
    inspector = make_inspector(0.1, CALM, form=form)
    expected = make_inspector(0.1, CALM).inspect(frame(GREY)).levels[0]
    shown = inspector.inspect(seen).levels[0]
    assert np.abs(shown.astype(int) - expected).max() <= 1


def test_that_another_size_is_named_before_a_region_that_does_not_fit(make_inspector) -> None:
    form, roi = taught(width=640, height=480), RegionOfInterest(0, 0, 600, 400)
    record = make_inspector(0.1, CALM, form=form, roi=roi).inspect(frame(GREY)).inspection
    assert "64 x 48 pixels, taught from 640 x 480" in record.reason


def test_that_a_frame_of_another_form_does_not_hide_a_frozen_camera(make_inspector) -> None:
    inspector = make_inspector(0.1, CALM, form=taught(Colour.GREY))
    causes = [inspector.inspect(frame(image)).inspection.cause for image in (GREY, GREY, RED, GREY, GREY, GREY)]
    assert causes[2:] == [NotInspectedCause.WRONG_PICTURE, None, None, NotInspectedCause.FROZEN_PICTURE]
