"""A command line that was given one role is refused by the core what that role may not do, and that is recorded."""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from contrast_model import release_plate
from plant import PIN

from station.__main__ import main
from station.app import Station
from station.cli.program import _COMMANDS as COMMANDS
from station.cli.program import parser
from station.domain.audit import AuditAction, AuditFilter
from station.domain.permissions import Permission, Role, roles_with
from station.domain.secret import Secret

ASKS: dict[str, tuple[Permission, str]] = {
    "inspect": (Permission.RUN_TRIAL, "FOLDER --recipe plate"),
    "teach": (Permission.TEACH, "FOLDER --product cap"),
    "compare": (Permission.TEACH, "FOLDER --models balanced"),
    "evaluate": (Permission.EVALUATE, "FOLDER --recipe plate"),
    "bench": (Permission.EVALUATE, "--recipe plate"),
    "synthetic draw": (Permission.EDIT_DATASET, "FOLDER --out FOLDER/out"),
    "synthetic look": (Permission.EVALUATE, "--recipe plate"),
    "shadow": (Permission.RUN_SHADOW, "--recipe plate@1"),
    "rescore": (Permission.RUN_SHADOW, "--recipe plate@1 --against plate@1"),
    "cameras": (Permission.USE_CAMERA, ""),
    "runs queue": (Permission.TEACH, "plate 1"),
    "runs cancel": (Permission.TEACH, "1"),
    "runs export": (Permission.EVALUATE, "1"),
    "datasets import": (Permission.EDIT_DATASET, "FOLDER --product plate"),
    "datasets export": (Permission.EDIT_DATASET, "FOLDER/out --product plate"),
    "datasets freeze": (Permission.EDIT_DATASET, "--product plate"),
    "datasets collect": (Permission.EDIT_DATASET, "--product plate"),
    "recipes set": (Permission.EDIT_RECIPE, "plate limits.min_area_px 4 --reason why"),
    "recipes validate": (Permission.EVALUATE, "plate@1 FOLDER --reason why"),
    "recipes export": (Permission.EXPORT_RECIPE, "plate@1 FOLDER/plate.zip"),
    "recipes import": (Permission.EDIT_RECIPE, "FOLDER/plate.zip"),
    "recipes release": (Permission.RELEASE_RECIPE, "plate@1 --reason why"),
    "recipes rollback": (Permission.RELEASE_RECIPE, "plate --reason why"),
    "recipes retire": (Permission.RELEASE_RECIPE, "plate@1 --reason why"),
    "signers own": (Permission.EXPORT_RECIPE, ""),
    "signers remove": (Permission.TRUST_SIGNER, "3f2a --reason why"),
    "signers renew": (Permission.TRUST_SIGNER, "--reason why"),
    "report": (Permission.EXPORT_REPORT, "--shift 2026-11-22/Early"),
    "users add": (Permission.MANAGE_PEOPLE, "Cleo --roles operator"),
    "users pin": (Permission.MANAGE_PEOPLE, "Ben --reason why"),
    "users badge": (Permission.MANAGE_PEOPLE, "Ben --reason why"),
    "users roles": (Permission.MANAGE_PEOPLE, "Ben --reason why --roles operator"),
    "users disable": (Permission.MANAGE_PEOPLE, "Ben --reason why"),
    "users enable": (Permission.MANAGE_PEOPLE, "Ben --reason why"),
    "lot": (Permission.SET_LOT, "L-7"),
    "challenge check": (Permission.LOAD_RECIPE, "plate"),
    "challenge suspects": (Permission.EXPORT_REPORT, "plate --csv FOLDER/suspects.csv"),
    "review answer": (Permission.REVIEW_PARTS, "1/0001 confirm"),
    "review hold": (Permission.HOLD_PARTS, "1/0001 --reason why"),
    "review release": (Permission.HOLD_PARTS, "1/0001 --reason why"),
    "verify": (Permission.VERIFY_RECORDS, ""),
    "audit export": (Permission.EXPORT_AUDIT, "--csv FOLDER/audit.csv"),
    "backup": (Permission.BACK_UP, "FOLDER/backups"),
    "plant send": (Permission.BACK_UP, ""),
    "plant resend": (Permission.BACK_UP, "--reason why"),
    "study create": (Permission.RUN_STUDY, "plate --appraiser Ada"),
    "study model": (Permission.RUN_STUDY, "1 plate@1"),
}
READS = {
    "runs list", "runs show", "datasets list", "recipes list", "recipes show", "recipes diff", "doctor", "settings",
    "users list", "signers list", "audit list", "study list", "study show", "challenge list", "review list",
    "review holds", "recipes validations", "plant status",
}  # fmt: skip
ELSEWHERE = {
    "restore",  # makes a station, so there is none yet that could record it; its refusal is tested with the backup
    "study answer",  # every operator may, and an operator is what everybody is
}


def _leaves(command: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    inner = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield " ".join(words)
    for action in inner:
        for name, each in action.choices.items():
            yield from _leaves(each, (*words, name))


def test_that_every_command_is_in_the_list_of_this_test() -> None:
    assert set(_leaves(parser(list(COMMANDS)))) == set(ASKS) | READS | ELSEWHERE


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, tiny_package) -> Iterator[Path]:
    """One workspace for all commands: none of them changes anything."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "pictures").mkdir()
    release_plate(folder / "workspace", tiny_package)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getuser", lambda: "ida")
        with Station.open(folder / "workspace") as station:
            station.people.add("Ada", {Role.SUPERVISOR}, Secret(PIN))
        yield folder / "workspace"


def _refused(root: Path) -> list[tuple[str, str]]:
    with Station.open(root) as station:
        assert station.recipes.find("plate").state.value == "released"
        assert [(account.name, account.disabled) for account in station.people.accounts()] == [("Ada", False)]
        entries = station.audit.entries(AuditFilter(action=AuditAction.REFUSED))
    return [(entry.person, entry.subject) for entry in reversed(entries)]


@pytest.mark.slow
@pytest.mark.parametrize("command", ASKS)
def test_that_no_role_does_by_command_what_it_may_not_do(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    permission, words = ASKS[command]
    given = f"{command} {words}".replace("FOLDER", str(root.parent / "pictures")).split()
    others = sorted(set(Role) - roles_with(permission))
    for role in others:
        monkeypatch.setattr(sys, "stdin", io.StringIO("482915\n"))
        assert main([*given, "--workspace", str(root), "--role", role]) == 2
        assert f"The role {role} may not {permission}." in capsys.readouterr().err
    assert _refused(root)[-len(others) :] == [("ida (system user)", permission)] * len(others)
    assert not list((root.parent / "pictures").iterdir())
