"""What can be done with a saved report: opened or printed by the programs of the system."""

import shutil
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from station.domain.errors import BadInputError

_WITHIN_S = 30.0
_PRINT_PROGRAMS = ("lp", "lpr")


def open_file(path: Path) -> None:
    """Show the file in the program that the system has for it.

    Raises:
        BadInputError: The system has none.
    """
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise BadInputError(f"This computer has no program that opens {path.name}.", "Copy the file to another one.")


def print_file(path: Path) -> str:
    """Give the file to the printer of the system. Return a sentence on it.

    Raises:
        BadInputError: This computer cannot print, or its printer refused.
    """
    if sys.platform == "win32":
        import os  # noqa: PLC0415 - its startfile exists on Windows alone

        os.startfile(path, "print")  # noqa: S606 - a file that the station has written
        return f"{path.name} was given to the printer."
    program = next(filter(None, map(shutil.which, _PRINT_PROGRAMS)), None)
    if program is None:
        raise BadInputError("This computer has no printer set up.", "Install CUPS and a printer, or copy the file.")
    try:
        done = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInputError(f"The printer does not answer: {error}.", "Check the printer.") from error
    if done.returncode:
        why = (done.stderr.strip() or f"{program} gave {done.returncode}").rstrip(".")
        raise BadInputError(f"The printer refused the file: {why}.", "Check the printer.")
    return f"{path.name} was given to the printer."
