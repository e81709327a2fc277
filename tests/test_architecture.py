"""The house keeps its shape: imports go down, heavy libraries stay in their rooms, one OpenCV, pinned versions."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import cv2
import pytest

ROOT = Path(__file__).parents[1]
HOMES = {
    "torch": ("station/trainer/detectors",),
    "anomalib": ("station/trainer/detectors/anomalib_models/library.py",),
    "timm": ("station/trainer/detectors",),
    "openvino": ("station/inference",),
    "harvesters": ("station/camera/genicam",),
    "genicam": ("station/camera/genicam",),
    "cv2": ("station/vision", "station/camera", "station/storage/pictures/encoding.py", "plugins/classical_features"),
    "sqlalchemy": ("station/storage",),
    "argon2": ("station/people",),
    "cryptography": ("station/people/signing_key.py", "station/recipes/seal.py", "station/reporting/signature"),
    "alembic": ("station/storage/engine",),
    "isal": ("station/storage/pictures/png.py",),
    "hashlib": ("station/domain/digest.py",),
    "reportlab": ("station/reporting/pdf",),
    "PySide6": ("ui",),
    "pyqtgraph": ("ui",),
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_that_imports_only_go_down_the_floors() -> None:
    result = run(sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())")
    assert result.returncode == 0, result.stdout


def test_that_ruff_finds_nothing() -> None:
    result = run(sys.executable, "-m", "ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_that_the_code_is_formatted() -> None:
    result = run(sys.executable, "-m", "ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_that_the_types_hold(type_check) -> None:
    assert type_check.program.wait() == 0, type_check.report.read_text()


def importers(library: str, root: Path) -> list[str]:
    """Return the source files below `root` that import the library, relative and sorted."""
    imports = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    files = [file for room in ("station", "ui", "plugins") for file in sorted((root / room).rglob("*.py"))]
    return [file.relative_to(root).as_posix() for file in files if imports.search(file.read_text("utf-8"))]


def strangers(library: str, root: Path) -> list[str]:
    """Return the source files outside of the library's homes that import it."""
    return [name for name in importers(library, root) if not name.startswith(HOMES[library])]


@pytest.mark.slow
@pytest.mark.parametrize("library", HOMES)
def test_that_a_heavy_library_is_imported_in_its_room_only(library: str) -> None:
    assert strangers(library, ROOT) == []


@pytest.mark.slow
@pytest.mark.parametrize("library", HOMES)
def test_that_a_library_has_no_home_in_which_it_does_not_live(library: str) -> None:
    at_home = importers(library, ROOT)
    assert [home for home in HOMES[library] if not any(name.startswith(home) for name in at_home)] == []


@pytest.mark.parametrize("library", HOMES)
@pytest.mark.parametrize("line", ["import {}", "from {} import planted", "    from {}.inner import planted"])
def test_that_an_import_planted_outside_of_its_home_is_found(library: str, line: str, tmp_path: Path) -> None:
    planted = [f"{room}/planted.py" for room in ("plugins", "station/learning", "station/storage/records", "ui/pages")]
    for name in planted:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"import re\n\n{line.format(library)}\n", "utf-8")
    found = strangers(library, tmp_path)
    assert sorted(found) == [name for name in planted if not name.startswith(HOMES[library])]
    assert found


@pytest.mark.slow
@pytest.mark.parametrize("module", ["station.app", "station.__main__", "station.trainer.fitting"])
def test_that_importing_the_core_loads_neither_qt_nor_torch(module: str) -> None:
    probe = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    result = run(sys.executable, "-c", probe)
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert loaded.isdisjoint({"PySide6", "torch", "anomalib", "lightning", "harvesters", "genicam"}), loaded


def test_that_there_is_one_opencv_and_it_has_no_window_system() -> None:
    names = [d.metadata["Name"] for d in distributions() if (d.metadata["Name"] or "").startswith("opencv")]
    assert names == ["opencv-python-headless"]
    assert re.search(r"GUI:\s+NONE", cv2.getBuildInformation())


def test_that_every_declared_package_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *(p for extra in project["optional-dependencies"].values() for p in extra)]
    pinned = set(re.findall(r"^([\w.\-]+)==", (ROOT / "installer/constraints.txt").read_text(), re.MULTILINE))
    canonical = {re.sub(r"[-_.]+", "-", name).lower() for name in pinned}
    names = {re.sub(r"[-_.]+", "-", re.split(r"[;<>= \[]", name)[0]).lower() for name in declared}
    assert names <= canonical


def test_that_no_file_names_a_registry() -> None:
    tracked = run("git", "ls-files", "-z").stdout.split("\0")
    hosts = re.compile(r"(?:pypi|pythonhosted|debian|npmjs|pytorch)\.(?:org|com)")
    text = {
        name for name in tracked if name.endswith((".py", ".md", ".toml", ".txt", ".c", ".qss")) or name == ".ci/run"
    }
    assert [name for name in sorted(text) if hosts.search((ROOT / name).read_text("utf-8"))] == []
