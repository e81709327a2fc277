"""`lineside`: the window."""

import builtins
import sys
from collections.abc import Sequence

from station.loading import loading, share_arenas


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window. Return 0 when it was closed, 2 for bad input, 3 for a fault of the station."""
    share_arenas()
    with loading():
        load_qt()
        from ui.program import run  # noqa: PLC0415 - what takes long is loaded inside the block

    return run(arguments)


def load_qt() -> None:
    """Load Qt, and keep Python's own import.

    PySide6 replaces it by one that reads the source text of each module that is imported, to look for its name there,
    and keeps the text in memory: 29 MB and a sixth of the time of a start. Only `from __feature__ import` needs that.
    """
    own_import = builtins.__import__
    import PySide6.QtWidgets  # noqa: F401, PLC0415 - loaded here, for what it does to the import

    builtins.__import__ = own_import


if __name__ == "__main__":
    sys.exit(main())
