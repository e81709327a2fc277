"""A camera, inspection and recording for a long time: memory that grows, and gaps that nobody explains."""

import sys

import pytest
from tlsimu import tlsimu

MOST_GROWTH_MB = 5.0
LEAST_INSPECTED = 0.5
SENSELESS = {"station_failed", "model_failed", "wrong_picture", "unreadable_picture"}

pytestmark = [
    pytest.mark.genicam,
    pytest.mark.skipif(sys.platform != "linux", reason="the camera of 2 megapixels is fetched for Linux only"),
]


@pytest.mark.parametrize(
    "minutes",
    [
        pytest.param(10, marks=[pytest.mark.soak(10), pytest.mark.timeout(15 * 60)]),
        pytest.param(60, marks=[pytest.mark.soak(60), pytest.mark.timeout(70 * 60), pytest.mark.nightly]),
    ],
)
def test_that_a_line_may_run_for_long_and_explains_every_gap(soaks, minutes, record_property) -> None:
    tlsimu()  # where it cannot be had, nothing soaks
    seen = soaks[minutes].seen()
    record_property(f"soak of {minutes} minutes", seen)
    assert seen["triggers"] == seen["verdicts"]
    assert seen["unexplained"] == 0
    assert not SENSELESS & set(seen["causes"])
    assert seen["findings"] == []
    assert max(seen["growth_mb"].values()) < MOST_GROWTH_MB
    assert seen["inspected"] > LEAST_INSPECTED * (seen["triggers"] + seen["refused"]), "else nothing was soaked"
