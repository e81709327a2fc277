"""What many parts come to."""

import pytest

from station.reporting.run_summary import percentile


@pytest.mark.parametrize(("percent", "value"), [(50, 8), (95, 16), (99, 16), (100, 16)])
def test_that_a_percentile_is_one_of_the_values_and_so_many_percent_are_no_larger(percent, value) -> None:
    assert percentile([float(one) for one in range(1, 17)], percent) == value
