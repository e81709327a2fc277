"""What many parts come to."""

import pytest

from station.reporting.run_summary import percentile


@pytest.mark.parametrize(("percent", "value"), [(50, 8), (95, 16), (99, 16), (100, 16)])
def test_that_a_percentile_is_the_least_value_that_this_percentage_does_not_exceed(percent, value) -> None:
    assert percentile([float(one) for one in range(1, 17)], percent) == value
