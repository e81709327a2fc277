"""Every import contract of pyproject.toml breaks if a forbidden import is planted in the code."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
CHECK = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"

PLANTED = {
    "Imports go down the floors": ("station/domain/clock.py", "station.settings"),
    "Nobody imports the trainer": ("station/app.py", "station.trainer"),
    "judgement imports domain, vision and inference alone": ("station/judgement/inspector.py", "station.matching"),
    "matching imports domain alone": ("station/matching/capture.py", "station.settings"),
    "The inner floors of pipeline": ("station/pipeline/admission.py", "station.pipeline.run"),
    "The core knows neither the window nor its guests": ("station/app.py", "ui.theme"),
    "The window comes in by the front door": ("ui/theme/theme.py", "station.storage"),
    "The window: theme and background below, then widgets and actions, pages, shell": (
        "ui/theme/theme.py",
        "ui.pages",
    ),
    "No page knows another": ("ui/pages/line/page.py", "ui.pages.cameras.page"),
    "A guest sees the plug-in door and the values, nothing else": ("plugins/reject_serial/__init__.py", "station.app"),
    "Storage: subjects above the engine, pictures and recipes strangers": (
        "station/storage/pictures/picture_store.py",
        "station.storage.recipes.recipes",
    ),
    "The storage engine: one dialect below, the database above": (
        "station/storage/engine/column_types.py",
        "station.storage.engine.database",
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages and of the contracts."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("station", "ui", "plugins"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def broken(house: Path) -> list[str]:
    """Return the names of the broken contracts."""
    checked = subprocess.run([sys.executable, "-c", CHECK], cwd=house, capture_output=True, text=True, check=False)
    lines = checked.stdout.splitlines()
    return [line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")]


def test_that_each_contract_has_a_planted_import() -> None:
    assert sorted(PLANTED) == sorted(contract["name"] for contract in CONTRACTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_that_a_planted_import_breaks_its_contract(house: Path, name: str) -> None:
    file, module = PLANTED[name]
    source = (house / file).read_text("utf-8")
    (house / file).write_text(f"{source}\nimport {module}\n", "utf-8")
    try:
        assert name in broken(house)
    finally:
        (house / file).write_text(source, "utf-8")


@pytest.mark.slow
def test_that_the_copy_without_a_planted_import_is_clean(house: Path) -> None:
    assert broken(house) == []
