"""`linesidectl users`."""

import io
import json
import sys
from pathlib import Path

import pytest

from station.__main__ import main
from station.app import Station
from station.domain.secret import Secret


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("USER", "ida")
    monkeypatch.setenv("LOGNAME", "ida")
    Station.open(tmp_path / "station").close()
    return tmp_path / "station"


def _run(root: Path, monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main(["users", *words, "--workspace", str(root)])


def test_that_people_are_added_listed_and_disabled(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(root, monkeypatch, "list") == 0
    assert "There are no accounts" in capsys.readouterr().out
    assert _run(root, monkeypatch, "add", "Anna", "--roles", "supervisor,engineer", typed="482915\n") == 0
    assert _run(root, monkeypatch, "add", "Ben", "--roles", "operator", "--badge", typed="LSB-0042-7719\n") == 0
    assert _run(root, monkeypatch, "disable", "Ben", "--reason", "left") == 0
    capsys.readouterr()
    assert _run(root, monkeypatch, "list", "--json", "-") == 0
    anna, ben, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert anna.pop("created_at").endswith("+00:00")
    assert anna == {
        "name": "Anna", "roles": ["operator", "engineer", "supervisor"], "pin": True, "badge": False, "disabled": False,
    }  # fmt: skip
    assert (ben["name"], ben["pin"], ben["badge"], ben["disabled"]) == ("Ben", False, True, True)
    assert summary == {"summary": True, "accounts": 2}


def test_that_who_has_the_machine_gives_a_new_pin_and_that_is_recorded(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(root, monkeypatch, "add", "Anna", "--roles", "supervisor", typed="482915\n")
    assert _run(root, monkeypatch, "pin", "Anna", "--reason", "PIN lost", typed="730184\n") == 0
    assert "730184" not in "".join(capsys.readouterr())
    with Station.open(root) as station:
        assert station.people.log_in("Anna", Secret("730184")).name == "Anna"
        _, change = station._core.accounts.steps(1)[-1]
    assert (change.person, change.reason) == ("ida (system user)", "PIN lost")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("add", "Anna", "--roles", "engineer"), "482915\n", "The first account must be able to add others."),
        (("add", "Anna", "--roles", "supervisor"), "", "No PIN was given."),
        (("add", "Anna", "--roles", "supervisor"), "1234\n", "This PIN is too easy to guess."),
        (("pin", "Nobody", "--reason", "x"), "482915\n", "Nobody has the name 'Nobody' here."),
        (("disable", "Nobody", "--reason", " "), "", "No reason was given"),
        (("add", "Anna", "--roles", "supervisor", "--role", "operator"), "482915\n", ""),
    ],
)
def test_that_bad_input_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], typed: str, sentence: str,
) -> None:  # fmt: skip
    code = _run(root, monkeypatch, *words, typed=typed)
    assert (code, sentence in capsys.readouterr().err) == (2 if sentence else 0, True)


def test_that_a_role_of_the_command_line_may_not_change_people(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(root, monkeypatch, "add", "Anna", "--roles", "supervisor", typed="482915\n")
    assert _run(root, monkeypatch, "pin", "Anna", "--reason", "x", "--role", "operator", typed="730184\n") == 2
    assert "may not change the people of the station" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("spoil", ["missing", "damaged", "another"])
def test_that_verify_and_doctor_name_a_lost_key_and_its_remedy(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], spoil: str
) -> None:
    monkeypatch.setattr("station.cli.doctor._machine", list)
    _run(root, monkeypatch, "add", "Anna", "--roles", "supervisor", typed="482915\n")
    assert main(["verify", "--workspace", str(root)]) == 0
    assert main(["doctor", "--workspace", str(root)]) == 0
    assert "people: 1 account, and everybody can log in" in capsys.readouterr().out.replace("\xa0", " ")
    key = root / "people.key"
    content = {"missing": None, "damaged": b"short", "another": bytes(32)}[spoil]
    key.unlink() if content is None else key.write_bytes(content)
    assert main(["verify", "--workspace", str(root)]) == 1
    assert "error: people.key:" in capsys.readouterr().out
    assert main(["doctor", "--workspace", str(root)]) == 1
    said = capsys.readouterr().out
    assert "wrong  people: " in said
    assert "linesidectl users pin NAME --reason WHY" in said
    _run(root, monkeypatch, "disable", "Anna", "--reason", "left")
    assert key.exists() is (content is not None)
