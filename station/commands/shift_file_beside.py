"""A file of a shift that is written by a process of its own at low priority, so that window and line do not feel it.

Loading reportlab alone holds the interpreter for 100 ms, in which the window answers nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from station.concurrency.process_beside import run_beside
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, FaultError, GivenUpError, StationError, StorageError
from station.domain.shift import ShiftWindow
from station.domain.shift_file import ShiftFile
from station.settings import ReportSettings, StationSettings
from station.workspace import remove_temporaries

MODULE = "station.commands.shift_file_process"
KINDS: dict[str, type[StationError]] = {"input": BadInputError, "storage": StorageError, "fault": FaultError}
"""What the process can refuse, by the word it says for it; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class ShiftFileOrder:
    """What the process does.

    Attributes:
        root: The workspace.
        kept_reports: The folder of reports, if it is not that of the workspace.
        form: Which file.
        window: The shift.
        station, report: Settings that may be other than those in `station.toml`.
    """

    root: Path
    kept_reports: Path | None
    form: ShiftFile
    window: ShiftWindow
    station: StationSettings
    report: ReportSettings


ORDER = TypeAdapter(ShiftFileOrder)


def write_shift_file_beside(
    order: ShiftFileOrder, log: Path, folder: Path, remark: Callable[[str], object], stop: Callable[[], bool]
) -> Path:
    """Write a file of a shift. Return its path.

    Args:
        order: What.
        log: File that receives what the process prints on its stderr.
        folder: Of the reports; of a process that is killed a temporary may be left there, and is removed.
        remark: Called with sentences about the file.
        stop: Asked five times a second whether to give up.

    Raises:
        GivenUpError: It was given up; there is a whole file, or none.
        StationError: As `ShiftFiles.write`, in the same words.
        FaultError: The process could not be started, or ended by itself.
    """
    said: dict[str, Any] = {}

    def hear(line: dict[str, Any]) -> None:
        if "remark" in line:
            remark(line["remark"])
        said.update(line)

    try:
        ended = run_beside(MODULE, ORDER.dump_json(order).decode(), log, hear, stop)
    except OSError as error:
        raise FaultError(f"The file cannot be begun: {reason_of(error)}.", "Try again.") from error
    if "written" in said:  # complete before it heard that it is given up
        return Path(said["written"])
    remove_temporaries(folder, ended.pid)
    if ended.given_up:
        raise GivenUpError(f"The {order.form.upper()} file was given up.")
    if "refused" in said:
        raise _refusal(said["refused"])
    raise FaultError(f"The program that writes it ended by itself (exit code {ended.exit_code}).", f"Its log is {log}.")


def _refusal(said: dict[str, str]) -> StationError:
    return KINDS[said["kind"]](said["sentence"], said["advice"], for_operator=said["for_operator"])
