"""Each import contract of pyproject.toml fails on imports that are planted against it.

The plants follow from the contract itself, so a new contract is tested without a line here; a contract of a type that
`PLANTS` does not know fails its test.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in CONFIG["contracts"]}
STRANGER = "planted_stranger"


@dataclass
class Plants:
    """What is written into a copy of the source, and what the linter must then report.

    Attributes:
        imports: Pairs of a module that exists and the module that it shall import.
        modules: Modules to add, without content.
        reports: Sentences that the report on the contract must have.
    """

    imports: list[tuple[str, str]] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    def add_import(self, importer: str, imported: str) -> None:
        self.imports.append((importer, imported))
        self.reports.append(f"{importer} is not allowed to import {imported}")

    def add_module(self, name: str) -> None:
        self.modules.append(name)
        self.reports.append(f"- {name}")


def module_file(root: Path, module: str) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def exists(module: str) -> bool:
    return module_file(ROOT, module).is_file()


def matching(expression: str) -> list[str]:
    """Return the modules of the source that match an expression with `*`; a plain name matches itself."""
    if "*" not in expression:
        return [expression]
    path = expression.replace(".", "/")
    modules = [file.with_suffix("") for file in ROOT.glob(f"{path}.py") if file.stem != "__init__"]
    packages = [file.parent for file in ROOT.glob(f"{path}/__init__.py")]
    return sorted(".".join(one.relative_to(ROOT).parts) for one in (*modules, *packages))


def all_matching(expressions: list[str]) -> list[str]:
    return [module for expression in expressions for module in matching(expression)]


def plants_in_layers(contract: dict) -> Plants:
    """Import upwards between neighbouring layers and sideways between strangers; add a module without a layer."""
    plants = Plants()
    for container in all_matching(contract.get("containers", [""])):
        prefix = f"{container}." if container else ""
        layers = [[prefix + name.strip("() ") for name in re.split("[|:]", layer)] for layer in contract["layers"]]
        present = [there for layer in layers if (there := list(filter(exists, layer)))]
        for upper, lower in pairwise(present):
            plants.add_import(lower[0], upper[0])
        for layer, text in zip(layers, contract["layers"], strict=True):
            if "|" in text:
                plants.add_import(layer[0], layer[1])
        if contract.get("exhaustive"):
            plants.add_module(prefix + STRANGER)
    return plants


def plants_of_forbidden(contract: dict) -> Plants:
    """Import every forbidden module from every source."""
    plants = Plants()
    for source in all_matching(contract["source_modules"]):
        for forbidden in all_matching(contract["forbidden_modules"]):
            if not source.startswith(forbidden):
                plants.add_import(source, forbidden)
    return plants


def plants_among_independent(contract: dict) -> Plants:
    """Import each module from the one before it."""
    plants = Plants()
    for one, other in pairwise(all_matching(contract["modules"])):
        plants.add_import(other, one)
    return plants


def plants_of_protected(contract: dict) -> Plants:
    """Import every protected module from the first module that may not."""
    plants = Plants()
    allowed = tuple(contract["allowed_importers"])
    rooms = sorted(path.parent for root in CONFIG["root_packages"] for path in (ROOT / root).rglob("__init__.py"))
    names = [".".join(room.relative_to(ROOT).parts) for room in rooms]
    for protected in all_matching(contract["protected_modules"]):
        importer = next(name for name in names if not name.startswith((protected, *allowed)) and "." in name)
        plants.add_import(importer, protected)
    return plants


PLANTS: dict[str, Callable[[dict], Plants]] = {
    "layers": plants_in_layers,
    "forbidden": plants_of_forbidden,
    "independence": plants_among_independent,
    "protected": plants_of_protected,
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source that keeps every contract."""
    root = tmp_path_factory.mktemp("source")
    for package in CONFIG["root_packages"]:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    kept = lint(root)
    assert kept.returncode == 0, kept.stdout
    return root


@pytest.fixture
def plant(copy: Path) -> Iterator[Callable[[Plants], None]]:
    """Writes plants into the copy, and weeds them out after the test."""
    before: dict[Path, str | None] = {}

    def write(plants: Plants) -> None:
        for module in plants.modules:
            before[module_file(copy, module)] = None
            module_file(copy, module).touch()
        for importer, imported in plants.imports:
            file = module_file(copy, importer)
            before.setdefault(file, file.read_text("utf-8"))
            with file.open("a", encoding="utf-8") as source:
                source.write(f"\nimport {imported}\n")

    yield write
    for file, content in before.items():
        file.unlink() if content is None else file.write_text(content, "utf-8")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())")
    environment = os.environ | {"PYTHONPATH": str(root), "COLUMNS": "1000"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def report_on(contract: str, output: str) -> str:
    """Return the linter's report on one broken contract: the text below its underlined name."""
    _, *reports = re.split(r"^(.+)\n-{3,}$", output, flags=re.MULTILINE)
    return dict(zip(reports[::2], reports[1::2], strict=True))[contract]


@pytest.mark.parametrize("name", CONTRACTS)
def test_that_a_contract_fails_on_every_violation_planted_against_it(name: str, copy: Path, plant) -> None:
    contract = CONTRACTS[name]
    plants = PLANTS[contract["type"]](contract)
    assert plants.reports, f"nothing could be planted against {name}"
    plant(plants)
    result = lint(copy)
    assert result.returncode == 1
    assert f"{name} BROKEN" in result.stdout
    report = report_on(name, result.stdout)
    assert [sentence for sentence in plants.reports if sentence not in report] == []


def test_that_a_pattern_matches_the_modules_and_packages_of_its_level() -> None:
    assert {"station.storage.records", "station.storage.recipes"} <= set(matching("station.storage.*"))
    assert "station.storage.engine.database" in matching("station.storage.*.database")


def test_that_no_two_contracts_have_one_name() -> None:
    assert len(CONTRACTS) == len(CONFIG["contracts"])
