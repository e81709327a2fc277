"""`lineside`: the window."""

import sys
from collections.abc import Sequence

from station.loading import loading


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window. Return 0 when it was closed, 2 for bad input, 3 for a fault of the station."""
    with loading():
        from ui.program import run  # noqa: PLC0415 - what takes long is loaded inside the block

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
