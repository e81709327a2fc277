"""The size that fine detail looks at, and what it says of its cost."""

import pytest

from station.domain.errors import BadInputError
from station.learning.fine_settings import FineSettings
from station.learning.presets import method_named
from station.learning.seen import input_size


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((2048, 2448), (2048, 2432)),
        ((480, 640), (480, 640)),
        ((3000, 4000), (1984, 2656)),
        ((300, 8000), (160, 3968)),
        ((8000, 300), (3968, 160)),
    ],
)
def test_that_the_input_has_the_size_of_the_region_up_to_a_limit(shape, expected):
    assert input_size([shape], FineSettings().side_for([shape])) == expected


def test_that_the_cost_grows_with_the_pixels():
    said = FineSettings().cost_of((2048, 2432))
    assert "2432 x 2048 pixels" in said
    assert "times the processor time of balanced" in said
    assert FineSettings().cost_of((1024, 1216)) != said


def test_that_it_is_not_joined_with_methods_that_see_smaller_pictures():
    with pytest.raises(BadInputError, match="fine looks at pictures in their own size"):
        method_named("balanced+fine")
