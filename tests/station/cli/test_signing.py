"""A release at the command line is signed by a person with an account; the PIN is never an argument."""

import io
import json

import pytest

from station.__main__ import main
from station.app import Station
from station.domain.permissions import Role
from station.domain.recipe import RecipeState
from station.domain.secret import Secret

PIN, WRONG = "58024617", "90909090"


@pytest.fixture
def root(station: Station):
    people = station.people
    people.add("Anna", {Role.SUPERVISOR}, Secret("73915264"), None, "first")
    people.add("Ben", {Role.ENGINEER}, Secret(PIN), None, "set-up", "Anna")
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.46", "Ben", "escape")
    folder = station.workspace.root
    station.close()
    return folder


def recipes(root, *words: str) -> int:
    return main(["--workspace", str(root), "recipes", *words])


def test_that_a_release_is_signed_by_a_pin_from_stdin(root, monkeypatch, capfd) -> None:
    asked = ("release", "plate@2", "--reason", "one escape", "--sign", "Ben", "--pin-from-stdin")
    for typed, code in ((f"{WRONG}\n", 2), ("", 2), (f"{PIN}\n", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert recipes(root, *asked) == code
    said = capfd.readouterr()
    assert "Name or PIN is wrong." in said.err
    assert "No PIN was given." in said.err
    assert PIN not in said.out + said.err
    assert recipes(root, "show", "plate@2", "--json", "-") == 0
    shown = json.loads(capfd.readouterr().out)
    (signature,) = shown["signatures"]
    assert (signature["meaning"], signature["person"], signature["sha256"]) == ("released by", "Ben", shown["sha256"])
    with Station.open(root) as station:
        assert station.recipes.find("plate", 2).change.person == "Ben"


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["release", "rollback", "retire"])
def test_that_an_unsigned_command_is_refused_with_what_to_add(root, verb: str, capfd, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    which = {"release": "plate@2", "rollback": "plate", "retire": "plate@1"}[verb]
    assert recipes(root, verb, which, "--reason", "why") == 2
    assert "This needs a signature: the station has accounts. Add --sign NAME" in capfd.readouterr().err
    assert recipes(root, verb, which, "--reason", "why", "--sign", "Ben") == 2
    assert "There is no terminal to ask for the PIN." in capfd.readouterr().err
    with Station.open(root) as station:
        assert station.recipes.find("plate", 1).state is RecipeState.RELEASED


@pytest.mark.slow
def test_that_two_people_sign_one_after_the_other(root, monkeypatch, capfd) -> None:
    (root / "station.toml").write_text("[release]\nsignatures = 2\n", encoding="utf-8")
    with Station.open(root) as station:
        station.people.add("Carl", {Role.ENGINEER}, Secret("31415926"), None, "set-up", "Anna")
    for name, pin in (("Ben", PIN), ("Carl", "31415926")):
        monkeypatch.setattr("sys.stdin", io.StringIO(pin))
        asked = ("release", "plate@2", "--reason", "tried", "--sign", name, "--pin-from-stdin")
        assert recipes(root, *asked) == 0
    said = capfd.readouterr().out
    assert "plate@2 is signed and waits: 2 different people must sign it." in said
    assert "plate@1 is retired: replaced by plate@2" in said
    monkeypatch.setattr("sys.stdin", io.StringIO(PIN))
    assert recipes(root, "rollback", "plate", "--reason", "worse", "--sign", "Ben", "--pin-from-stdin") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("31415926"))
    assert recipes(root, "rollback", "plate", "--reason", "worse", "--sign", "Carl", "--pin-from-stdin") == 0
    with Station.open(root) as station:
        assert [entry.state.value for entry in station.recipes.entries()] == ["released", "retired", "retired"]
