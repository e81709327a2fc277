"""A plug-in opens parts, which an operator may too; nothing else that a person has to be permitted is in its reach."""

import inspect
import tomllib
from pathlib import Path

from station.domain.permissions import PERMISSIONS, Permission, Role
from station.plugin_api.hooks import StationHooks

_ROOT = Path(__file__).parents[3]
_GIVEN = {"self", "settings", "trigger", "inspection", "message", "data"}


def test_that_a_plug_in_is_given_no_command_but_the_trigger() -> None:
    hooks = [hook for name, hook in vars(StationHooks).items() if not name.startswith("_")]
    assert {name for hook in hooks for name in inspect.signature(hook).parameters} == _GIVEN
    assert Permission.TRIGGER_PART in PERMISSIONS[Role.OPERATOR]


def test_that_a_plug_in_may_import_no_commands_and_no_accounts() -> None:
    contracts = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    guest = next(each for each in contracts if each["name"].startswith("A guest sees"))
    assert {"station.app", "station.commands", "station.people", "station.storage"} <= set(guest["forbidden_modules"])
