"""A part is on hold if its newest row says so, whatever came before and whoever else is on hold."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.records.holds import Holds
from station.storage.records.inspections import Inspections

numbers = st.sets(st.integers(1, 5), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(steps=st.lists(st.tuples(numbers, st.booleans()), max_size=8), asked=numbers)
def test_that_the_newest_row_of_each_part_counts(
    database: Database,
    inspections: Inspections,
    part: Callable[..., Inspection],
    steps: list[tuple[set[int], bool]],
    asked: set[int],
) -> None:
    parts = [part(number) for number in range(1, 6)]
    run = parts[0].key.run_id
    if inspections.last_of_run(run) is None:
        for each in parts:
            inspections.record_part(each, (), keep_picture=False)
    holds = Holds(database, AuditLog.beside(database, "here"))
    wanted: dict[PartKey, Hold] = {}
    every = [Hold(each.key, "begin", "Ada", parts[0].triggered_at) for each in parts]
    holds.set(every, held=False)
    for number, (chosen, held) in enumerate(steps):
        changed = [Hold(PartKey(run, each), f"step {number}", "Ada", parts[0].triggered_at) for each in sorted(chosen)]
        holds.set(changed, held=held)
        for each in changed:
            wanted.pop(each.key, None)
        wanted |= {each.key: each for each in changed if held}
    assert holds.all() == wanted
    some = {PartKey(run, each) for each in asked}
    assert holds.of(some) == {key: hold for key, hold in wanted.items() if key in some}
