"""The program that writes a file of a shift: `python -m station.commands.shift_file_process`.

It is started by `shift_file_beside`, reads its order as one line of JSON, opens the records to read, and answers with
lines of JSON: remarks, and in the end what came of it.
"""

import os
from contextlib import closing
from pathlib import Path

from station.commands.shift_accounts import ShiftAccounts
from station.commands.shift_file_beside import KINDS, ORDER, ShiftFileOrder
from station.commands.shift_files import ShiftFiles
from station.concurrency.process_beside import order_for_this, say_beside, when_given_up
from station.domain.errors import StationError
from station.people.audit_trail import AuditTrail
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections
from station.workspace import Workspace

_GIVEN_UP = 1


def main() -> int:
    """Write the file of one order."""
    order = ORDER.validate_json(order_for_this())
    when_given_up(lambda: os._exit(_GIVEN_UP))  # in the middle of a page: who started this removes a temporary
    try:
        path = _written(order)
    except StationError as error:
        kind = next((word for word, kind in KINDS.items() if isinstance(error, kind)), "fault")
        said = {"sentence": error.sentence, "advice": error.advice, "for_operator": error.for_operator}
        say_beside({"refused": {"kind": kind, **said}})
        return 1
    say_beside({"written": str(path)})
    return 0


def _written(order: ShiftFileOrder) -> Path:
    workspace = Workspace.existing(order.root, order.kept_reports)
    with closing(Database.open_to_read(workspace.database)) as database:
        audit = AuditTrail(AuditLog.beside(database, order.station.name))
        accounts = ShiftAccounts(audit, Checks(database), Suspects(database))
        inspections = Inspections(database, PictureStore(workspace.pictures))
        files = ShiftFiles(workspace, order.station, order.report, inspections, accounts)
        return files.write(order.form, order.window, lambda sentence: say_beside({"remark": sentence}))


if __name__ == "__main__":
    raise SystemExit(main())
