"""A disabled account gives no command any more, also where its person is logged in already."""

from pathlib import Path

import pytest
from plant import OTHER_PIN, PIN, Plant

from station.app import Station
from station.commands.people import PeopleCommands
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import StorageError
from station.domain.permissions import EVERY_ROLE, Permission, PermissionRefusedError, Role
from station.domain.secret import Secret
from station.people.session import NOBODY, Session
from station.storage.people.accounts import Accounts


def _elsewhere(plant: Plant) -> PeopleCommands:
    """Another program on the same accounts."""
    return PeopleCommands(EVERY_ROLE, Accounts(plant.database), plant.log_in, Session(), plant.audit)


def _log_outs(plant: Plant) -> list[tuple[str, str]]:
    found = plant.audit.find(AuditFilter(action=AuditAction.LOGGED_OUT))
    return [(entry.person, entry.reason) for entry in found]


def test_that_who_is_disabled_is_logged_out_at_once_and_that_is_recorded(plant: Plant) -> None:
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    plant.people.disable("Ben", "left the company")
    assert plant.session.present is NOBODY
    assert _log_outs(plant) == [("Ben", "the account was disabled")]


def test_that_others_stay_logged_in_when_somebody_is_disabled(plant: Plant) -> None:
    plant.people.log_in("Anna Berg", Secret(PIN))
    plant.people.disable("Ben", "left the company")
    assert plant.people.look_again().name == "Anna Berg"
    assert not _log_outs(plant)


def test_that_a_person_whom_another_program_disabled_is_logged_out_once(plant: Plant) -> None:
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    _elsewhere(plant).disable("Ben", "left the company", "Ida")
    assert plant.people.look_again() is NOBODY
    assert plant.people.look_again() is NOBODY
    assert _log_outs(plant) == [("Ben", "the account was disabled")]


def test_that_who_loses_a_role_is_logged_out_and_who_gets_one_stays(plant: Plant) -> None:
    plant.people.log_in("Ben", Secret(OTHER_PIN))
    _elsewhere(plant).set_roles("Ben", {Role.ENGINEER, Role.SUPERVISOR}, "instead of Anna", "Ida")
    assert plant.people.look_again().roles == {Role.OPERATOR, Role.ENGINEER}
    _elsewhere(plant).set_roles("Ben", {Role.OPERATOR}, "moved to another line", "Ida")
    assert plant.people.look_again() is NOBODY
    assert _log_outs(plant) == [("Ben", "a role was taken away")]


def test_that_a_command_of_a_disabled_person_is_refused_before_anybody_looked_again(tmp_path: Path) -> None:
    with Station.open(tmp_path) as here, Station.open(tmp_path) as elsewhere:
        here.people.add("Ada", {Role.SUPERVISOR}, Secret(PIN))
        here.people.add("Ben", {Role.ENGINEER}, Secret(OTHER_PIN))
        here.people.log_in("Ben", Secret(OTHER_PIN))
        window = here.at_window("Line page")
        window.authority.authorise(Permission.EDIT_RECIPE)
        work = here.people.session.bound(lambda: window.authority.authorise(Permission.EDIT_RECIPE))
        elsewhere.people.disable("Ben", "left the company")
        for command in (work, lambda: window.authority.authorise(Permission.EDIT_RECIPE)):
            with pytest.raises(PermissionRefusedError, match="The role operator may not edit a recipe"):
                command()
        window.authority.authorise(Permission.STOP_LINE)
        assert not here.people.session.is_open
        assert here.audit.count(AuditFilter(action=AuditAction.REFUSED)) == 2


def test_that_accounts_that_cannot_be_read_let_a_line_be_stopped_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Station.open(tmp_path) as here:
        here.people.add("Ada", {Role.SUPERVISOR}, Secret(PIN))
        here.people.log_in("Ada", Secret(PIN))
        monkeypatch.setattr(Accounts, "proof_of", lambda *_: (_ for _ in ()).throw(StorageError("The disk is gone.")))
        window = here.at_window()
        window.authority.authorise(Permission.STOP_LINE)
        with pytest.raises(PermissionRefusedError):
            window.authority.authorise(Permission.MANAGE_PEOPLE)
        assert here.people.session.present.name == "Ada"
