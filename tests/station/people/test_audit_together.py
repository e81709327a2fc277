"""A change in the database and its entry are one transaction: both are there, or neither is."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import inspect, text

from station import commands
from station.app import Station
from station.domain.audit import AuditEntry, AuditFact
from station.domain.collection import CollectionPolicy
from station.domain.dataset import Label
from station.domain.errors import StorageError
from station.domain.inspected_place import WHOLE_PICTURE
from station.domain.permissions import Role
from station.domain.recipe import RecipeState
from station.domain.secret import Secret
from station.storage.people.audit_log import Appending

ROLES = (Role.ENGINEER,)
MARK = np.ones((24, 24), np.uint8)
CHANGES: dict[str, Callable[[Station], object]] = {
    "release": lambda s: s.recipes.release("plate", 3, "Ada", "better"),
    "roll back": lambda s: s.recipes.roll_back("plate", "Ada", "worse"),
    "retire": lambda s: s.recipes.retire("plate", s.recipes.find("plate").recipe.revision, "Ada", "old"),
    "revise": lambda s: s.recipes.set_value("plate", 2, "limits.image_threshold", "0.46", "Ada", "nearer"),
    "region": lambda s: s.guide.decide_place("plate", "", WHOLE_PICTURE, None),
    "kind": lambda s: s.datasets.add_kind("plate", "hole"),
    "label": lambda s: s.datasets.label([1], Label.DEFECT, "hole", "Ada"),
    "mask": lambda s: s.datasets.save_mask(1, MARK, "Ada"),
    "collection": lambda s: s.datasets.set_collection("plate", CollectionPolicy(every_nth_pass=3), "Ada"),
}
OF_PEOPLE: dict[str, Callable[[Station], object]] = {
    "account": lambda s: s.people.add("Bo", ROLES, Secret("480362"), reason="new here"),
    "PIN": lambda s: s.people.set_pin("Eve", Secret("480362"), "lost"),
    "roles": lambda s: s.people.set_roles("Eve", ROLES, "grown"),
    "lot": lambda s: s.lots.set("L-1", "O-7"),
    "disabled": lambda s: s.people.disable("Eve", "gone"),
}

CHANGES_NOTHING = {"figures"}
"""It writes down who looked."""


@pytest.fixture
def begun(station: Station, tmp_path: Path) -> Iterator[Station]:
    """Revisions 1 and 2 of plate were released, 3 is a draft; a picture in the working set, a kind."""
    plate = station.recipes.find("plate").recipe
    station.recipes.add(replace(plate, revision=2), RecipeState.RELEASED)
    station.recipes.add(replace(plate, revision=3))
    picture = tmp_path / "pictures/train/good/1.png"
    picture.parent.mkdir(parents=True)
    cv2.imwrite(str(picture), np.full((24, 24), 90, np.uint8))
    station.datasets.import_folder(tmp_path / "pictures", "plate", person="Ada")
    station.datasets.add_kind("plate", "crack")
    return station


def _content(station: Station) -> dict[str, list[tuple[object, ...]]]:
    database = station._core.database
    with database.reading() as connection:
        names = inspect(connection).get_table_names()
        return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names}


@pytest.mark.slow
def test_that_a_change_whose_entry_is_refused_has_not_happened(begun: Station, monkeypatch) -> None:
    _try(begun, CHANGES, monkeypatch)
    for name, role in (("Ada", Role.SUPERVISOR), ("Eve", Role.OPERATOR)):
        begun.people.add(name, [role], Secret("739154"), reason="new here")
    _try(begun, OF_PEOPLE, monkeypatch)
    assert begun.audit.verify().broken is None


def _try(begun: Station, changes: dict[str, Callable[[Station], object]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each command on a full disk, and then once more."""

    def refuse(_appending: Appending, _fact: AuditFact) -> AuditEntry:
        raise StorageError("The disk is full.")

    before = _content(begun)
    with monkeypatch.context() as full:
        full.setattr(Appending, "append", refuse)
        for name, change in changes.items():
            with pytest.raises(StorageError, match="The disk is full"):
                change(begun)
            assert _content(begun) == before, name
    for name, change in changes.items():
        entries = begun.audit.count()
        change(begun)
        assert begun.audit.count() == entries + 1, name


def test_that_every_entry_of_a_change_is_written_together_with_it() -> None:
    apart: list[tuple[str, str]] = []
    for file in Path(*commands.__path__).glob("*.py"):
        apart += _called_apart(ast.parse(file.read_text("utf-8")))
    writing = {function for function, called in apart if called in _WRITES}
    assert {"_noted", "_record_end"} <= writing  # a function of its own, which is called together only
    assert {called for _, called in apart if called in writing - CHANGES_NOTHING} == set()
    assert {each for each in writing if not each.startswith("_")} == CHANGES_NOTHING | {"pictures"}


_WRITES = {"audit.record", "audit.record_release"}


def _called_apart(node: ast.AST, function: str = "") -> Iterator[tuple[str, str]]:
    """Yield each function and what it calls outside of `with audit.together()`. What lies elsewhere is a `note`."""
    if isinstance(node, ast.With) and any("together()" in ast.unparse(each) for each in node.items):
        return
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).split(".")
        writes = called[-1] in ("record", "record_release") and called[-2] in ("_audit", "audit", "trail")
        yield function, f"audit.{called[-1]}" if writes else called[-1]
    function = node.name if isinstance(node, ast.FunctionDef) else function
    for child in ast.iter_child_nodes(node):
        yield from _called_apart(child, function)
