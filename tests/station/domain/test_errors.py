"""What counts as a lack of memory."""

import pytest

from station.domain.errors import is_lack_of_memory


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("the device failed"), False),
        (OSError("can't start new thread"), False),
    ],
)
def test_that_a_thread_without_memory_for_its_stack_is_a_lack_of_memory(error: Exception, expected: bool) -> None:
    assert is_lack_of_memory(error) is expected
