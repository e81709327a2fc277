"""The tests that only compute run beside the others while everything is run."""

from collections.abc import Callable

import pytest
from side_run import SIDE_TESTS, SideRun


def test_that_every_folder_that_runs_beside_is_there() -> None:
    assert [path for path in SIDE_TESTS if not path.exists()] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_that_the_tests_that_only_compute_pass(
    side_run: SideRun | None, record_property: Callable[[str, object], None]
) -> None:
    if side_run is None:
        pytest.skip("they run beside the others only while everything is run")
    code = side_run.wait()
    said = side_run.report.read_text()
    for line in said.splitlines():
        if line.startswith("measured: "):
            record_property("beside", line.removeprefix("measured: "))
    record_property("the tests that ran beside", said.rstrip().splitlines()[-1])
    assert code == 0, said[-20_000:]
