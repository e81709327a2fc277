"""Parts on hold: who may, what is written down, and that a hold ends only by a release."""

import pytest

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.permissions import Role


def test_that_parts_are_put_on_hold_and_released_with_a_reason_that_is_written_down(station: Station) -> None:
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    shift = station.records.shifts()[0]
    supervisor = station.acting_as(Role.SUPERVISOR, signature="Sue")
    keys = supervisor.holds.parts_between(2, 4, shift)
    assert [key.part for key in keys] == [2, 3, 4]
    with pytest.raises(BadInputError, match="no part from 0090 to 0099"):
        supervisor.holds.parts_between(90, 99, shift)
    with pytest.raises(BadInputError, match="No reason was given"):
        supervisor.holds.hold(keys, " ")
    with pytest.raises(BadInputError, match="has no record, so none was changed"):
        supervisor.holds.hold([*keys, PartKey(99, 1)], "complaint 4711")
    assert supervisor.holds.all() == {}

    assert supervisor.holds.hold(keys, "complaint 4711") == keys
    assert supervisor.holds.hold(keys[:1], "again") == ()
    assert supervisor.holds.of([keys[0]])[keys[0]].words == "ON HOLD: complaint 4711 (Sue)"
    assert supervisor.holds.release([keys[1]], "solved") == (keys[1],)
    assert list(supervisor.holds.all()) == [keys[0], keys[2]]
    run = keys[0].run_id
    entries = station.audit.entries(AuditFilter(person="Sue"))
    assert [(each.action, each.subject, each.new, each.reason) for each in entries] == [
        (AuditAction.HOLD_RELEASED, f"part 0003 of run {run}", "released", "solved"),
        (AuditAction.PART_HELD, f"parts 0002 to 0004 of run {run}", "held", "complaint 4711"),
    ]


def test_that_the_parts_of_a_lot_are_found(station: Station) -> None:
    station.lots.set("L7")
    station.line.load_recipe("plate")
    station.line.start(count=3)
    assert station.line.wait_stopped(30)
    assert [key.part for key in station.holds.parts_of_lot("L7")] == [1, 2, 3]
    with pytest.raises(BadInputError, match="No part has the lot 'L8'"):
        station.holds.parts_of_lot("L8")
