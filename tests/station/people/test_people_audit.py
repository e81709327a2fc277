"""What people do with accounts and log-ins is in the audit trail, and never what they typed."""

import contextlib

from plant import BADGE, OTHER_PIN, PIN, Plant

from station.domain.audit import AuditAction
from station.domain.errors import BadInputError
from station.domain.permissions import Role
from station.domain.secret import Secret


def _entries(plant: Plant) -> list[tuple[str, str, str, str]]:
    found = plant.audit._log.entries()
    return [(entry.action, entry.person, entry.subject, entry.new) for entry in reversed(found)]


def test_that_log_ins_and_failed_log_ins_are_recorded_without_what_was_typed(plant: Plant) -> None:
    before = len(_entries(plant))
    for name, pin in (("90071353", PIN), *[("Ben", PIN)] * 3, ("Ben", OTHER_PIN)):
        with contextlib.suppress(BadInputError):
            plant.people.log_in(name, Secret(pin))
    plant.people.log_in("anna berg", Secret(PIN))
    plant.people.log_out("not touched for a while")
    plant.people.log_in_by_badge(Secret(BADGE))
    assert _entries(plant)[before:] == [
        (AuditAction.LOG_IN_FAILED, "", "a name that does not exist", "Name or PIN is wrong."),
        *[(AuditAction.LOG_IN_FAILED, "", "Ben", "Name or PIN is wrong.")] * 3,
        (AuditAction.LOCKED_OUT, "", "Ben", "for 5 s"),
        (AuditAction.LOGGED_IN, "Anna Berg", "Anna Berg", "operator, supervisor, by PIN"),
        (AuditAction.LOGGED_OUT, "Anna Berg", "Anna Berg", ""),
        (AuditAction.LOGGED_IN, "Anna Berg", "Anna Berg", "operator, supervisor, by badge"),
    ]
    assert "90071353" not in str(plant.audit._log.entries())


def test_that_each_change_of_an_account_is_recorded_with_person_and_reason(plant: Plant) -> None:
    before = len(_entries(plant))
    plant.people.set_pin("Ben", Secret("482915"), "PIN lost", "ida (system user)")
    plant.people.set_badge("Ben", Secret("LSB-0007"), "new badge", "Anna Berg")
    plant.people.set_roles("Ben", {Role.SUPERVISOR}, "new task", "Anna Berg")
    plant.people.disable("Ben", "left", "Anna Berg")
    plant.people.enable("Ben", "is back", "Anna Berg")
    assert _entries(plant)[before:] == [
        (AuditAction.PIN_CHANGED, "ida (system user)", "Ben", ""),
        (AuditAction.ACCOUNT_CHANGED, "Anna Berg", "Ben", "another badge"),
        (AuditAction.ACCOUNT_CHANGED, "Anna Berg", "Ben", "supervisor"),
        (AuditAction.ACCOUNT_DISABLED, "Anna Berg", "Ben", "disabled"),
        (AuditAction.ACCOUNT_CHANGED, "Anna Berg", "Ben", "enabled"),
    ]
    reasons = [entry.reason for entry in reversed(plant.audit._log.entries())][before:]
    assert reasons == ["PIN lost", "new badge", "new task", "left", "is back"]


def test_that_an_account_that_was_written_into_the_database_is_named(plant: Plant) -> None:
    assert plant.people.findings() == ()
    with plant.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account (name, folded, roles, pin_hash, key_id, disabled, created_at) "
            "SELECT 'Eve', 'eve', roles, pin_hash, key_id, 0, created_at FROM account WHERE name = 'Anna Berg'"
        )
    (finding,) = plant.people.findings()
    assert (finding.where, finding.sentence) == ("account 'Eve'", "the audit trail does not know who added it")
