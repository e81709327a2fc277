"""The faults of a window: the newest first, each in the log file too, and no more than fifty."""

import logging

from PySide6.QtCore import QObject

from station.domain.messages import FaultReported
from ui.background.fault_log import FaultLog


def fault(number: int) -> FaultReported:
    return FaultReported("disk", f"fault {number}", "Free some space.", "Call the engineer.")


def test_that_the_last_fifty_faults_are_kept_newest_first_and_all_are_logged(qapp, caplog) -> None:
    owner = QObject()
    log, changes = FaultLog(owner), []
    log.changed.connect(lambda: changes.append(len(log.entries)))
    with caplog.at_level(logging.WARNING):
        for number in range(60):
            log.add(fault(number))
    assert [entry.fault for entry in log.entries] == [fault(number) for number in range(59, 9, -1)]
    assert changes == [*range(1, 51), *[50] * 10]
    assert len([record for record in caplog.records if "Free some space." in record.message]) == 60
