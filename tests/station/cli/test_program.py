"""Every command has its words, and a command loads what it needs itself."""

import subprocess
import sys

import pytest

from station.cli.program import _COMMANDS, parser, run

ELSEWHERE = ("station.learning.layout", "station.learning.datasets", "station.trainer")


@pytest.mark.parametrize("command", _COMMANDS)
def test_that_every_command_has_arguments_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run([command, "--help"])
    assert ended.value.code == 0
    assert "--json" in (said := capsys.readouterr().out) or "VERB" in said
    assert f"usage: linesidectl {command}" in said


def test_that_an_unknown_command_is_answered_with_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["inspekt", "teach"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(command in said for command in _COMMANDS)


@pytest.mark.parametrize("folder", ["report", "inspect"])
def test_that_a_workspace_may_be_called_like_a_command(folder: str) -> None:
    asked = parser(["--workspace", folder, "verify"]).parse_args(["--workspace", folder, "verify"])
    assert (asked.workspace.name, asked.run.__module__) == (folder, "station.cli.verify")


@pytest.mark.slow
def test_that_a_command_loads_neither_another_command_nor_what_only_that_one_needs() -> None:
    program = (
        "import sys; from station.cli.program import parser; parser(['verify']);"
        "print(*(name for name in sys.modules if name.startswith('station')))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "station.cli.verify" in loaded
    others = {f"station.cli.{name}" for name in _COMMANDS if name != "verify"} & set(loaded)
    assert not others
    assert not [name for name in loaded if name.startswith(ELSEWHERE)]
