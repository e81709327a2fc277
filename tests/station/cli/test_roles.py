"""A command line that was given one role is refused by the core what that role may not do, and that is recorded."""

from pathlib import Path

import pytest
from contrast_model import release_plate

from station.__main__ import main
from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.permissions import Permission, Role, roles_with

COMMANDS: dict[Permission, tuple[str, ...]] = {
    Permission.RELEASE_RECIPE: ("recipes", "retire", "plate@1", "--reason", "why"),
    Permission.EDIT_RECIPE: ("recipes", "set", "plate", "limits.min_area_px", "4", "--reason", "why"),
    Permission.EXPORT_RECIPE: ("recipes", "export", "plate@1", "FOLDER/plate.zip"),
    Permission.RUN_TRIAL: ("inspect", "FOLDER", "--recipe", "plate"),
    Permission.TEACH: ("teach", "FOLDER", "--product", "cap"),
    Permission.EVALUATE: ("evaluate", "FOLDER", "--recipe", "plate"),
    Permission.EDIT_DATASET: ("datasets", "import", "FOLDER", "--product", "plate"),
    Permission.RUN_SHADOW: ("shadow", "--recipe", "plate@1"),
    Permission.VERIFY_RECORDS: ("verify",),
    Permission.MANAGE_PEOPLE: ("users", "disable", "Ben", "--reason", "why"),
}


@pytest.mark.parametrize("permission", COMMANDS)
def test_that_no_role_does_by_command_what_it_may_not_do(
    tmp_path: Path, tiny_package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    permission: Permission,
) -> None:  # fmt: skip
    monkeypatch.setattr("getpass.getuser", lambda: "ida")
    root = tmp_path / "workspace"
    release_plate(root, tiny_package)
    (tmp_path / "pictures").mkdir()
    words = [word.replace("FOLDER", str(tmp_path / "pictures")) for word in COMMANDS[permission]]
    others = sorted(set(Role) - roles_with(permission))
    for role in others:
        assert main([*words, "--workspace", str(root), "--role", role]) == 2
        assert f"The role {role} may not {permission}." in capsys.readouterr().err
    with Station.open(root) as station:
        refused = station._core.audit_log.entries(AuditFilter(action=AuditAction.REFUSED))
        assert station.recipes.find("plate").state.value == "released"
    assert [(entry.person, entry.subject) for entry in refused] == [("ida (system user)", permission)] * len(others)
