"""Setting up, without setting anything up: pip, apt and the linker are stood in for."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

CHECKOUT = Path(__file__).parents[2]
BOOTSTRAP = CHECKOUT / "installer" / "bootstrap.py"


class Programs:
    """A double of `subprocess`: records the calls, and answers `sudo -n true`."""

    CalledProcessError = subprocess.CalledProcessError
    DEVNULL = subprocess.DEVNULL

    def __init__(self) -> None:
        self.called: list[list[str]] = []
        self.answer = 0
        self.cache = ""
        self.broken = ""

    def check_call(self, command: Sequence[str], **_: object) -> None:
        self.call(command)
        if self.broken and self.broken in command:
            raise subprocess.CalledProcessError(1, command)

    def call(self, command: Sequence[str], **_: object) -> int:
        self.called.append([str(word) for word in command])
        return self.answer

    def check_output(self, _: Sequence[str], **__: object) -> str:
        return self.cache

    @property
    def installs(self) -> list[list[str]]:
        """What pip was asked for."""
        return [command for command in self.called if "pip" in command]


@pytest.fixture
def programs() -> Programs:
    return Programs()


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: Programs) -> ModuleType:
    """The script as a module, for a checkout of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "constraints.txt").write_text("numpy==2.4.6")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "python")
    monkeypatch.setattr(module, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(module, "subprocess", programs)
    monkeypatch.setattr(module, "venv", SimpleNamespace(EnvBuilder=lambda **_: SimpleNamespace(create=make_venv)))
    monkeypatch.setattr(
        module, "shutil", SimpleNamespace(which=lambda *_, **__: None)
    )  # no apt-get: nothing is missing
    return module


def make_venv(folder: Path) -> None:
    folder.mkdir()
    (folder / "python").touch()


def started(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", *words])
    return bootstrap.main()


@pytest.mark.parametrize("words", [(), ("instal",)])
def test_that_a_wrong_command_is_answered_by_the_usage(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, BOOTSTRAP, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    for command in ("demo", "run", "train", "test"):
        assert f"bootstrap.py {command}" in done.stderr


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (4, 0, 0)])
def test_that_another_python_is_refused_before_anything_is_done(bootstrap, programs, monkeypatch, capsys, version):
    numbers = ".".join(map(str, version))
    python = SimpleNamespace(
        argv=["bootstrap.py", "run"], version_info=version, version=f"{numbers} (main)", stderr=sys.stderr
    )
    monkeypatch.setattr(bootstrap, "sys", python)
    assert bootstrap.main() == 2
    assert numbers in capsys.readouterr().err
    assert programs.called == []


def test_that_the_first_start_installs_at_the_pins_and_then_runs(bootstrap, programs, monkeypatch, tmp_path) -> None:
    programs.answer = 7
    assert started(bootstrap, monkeypatch, "demo", "--parts", "3") == 7
    pip, program = programs.called
    assert pip[-4:] == ["--constraint", str(tmp_path / "constraints.txt"), "--editable", str(tmp_path)]
    assert program[1:] == ["-m", "ui", "demo", "--parts", "3"]


def test_that_a_second_start_installs_nothing(bootstrap, programs, monkeypatch) -> None:
    started(bootstrap, monkeypatch, "run")
    started(bootstrap, monkeypatch, "demo")
    assert len(programs.installs) == 1


@pytest.mark.parametrize("file", ["constraints.txt", "pyproject.toml"])
def test_that_a_changed_pin_or_package_installs_again(bootstrap, programs, monkeypatch, tmp_path, file) -> None:
    started(bootstrap, monkeypatch, "run")
    (tmp_path / file).write_text("changed")
    started(bootstrap, monkeypatch, "run")
    assert len(programs.installs) == 2


def test_that_what_was_added_for_teaching_stays(bootstrap, programs, monkeypatch, tmp_path) -> None:
    started(bootstrap, monkeypatch, "train")
    started(bootstrap, monkeypatch, "run")
    assert len(programs.installs) == 1
    (tmp_path / "constraints.txt").write_text("changed")
    started(bootstrap, monkeypatch, "run")
    assert programs.installs[-1][-1] == f"{tmp_path}[train]"
    started(bootstrap, monkeypatch, "test")
    assert programs.installs[-1][-1] == f"{tmp_path}[dev,train]"


def test_that_an_install_that_failed_is_tried_again(bootstrap, programs, monkeypatch, capsys) -> None:
    programs.broken = "pip"
    assert started(bootstrap, monkeypatch, "run") == 3
    assert "This step failed" in capsys.readouterr().err
    programs.broken = ""
    assert started(bootstrap, monkeypatch, "run") == 0
    assert len(programs.installs) == 2


@pytest.fixture
def debian(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Debian on which every program is found."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(bootstrap, "shutil", SimpleNamespace(which=lambda name, **_: f"/usr/bin/{name}"))
    return bootstrap


def test_that_the_linkers_cache_shows_which_libraries_are_missing(debian, programs) -> None:
    known = [library for library in debian.RUN_LIBRARIES if library not in ("libEGL.so.1", "libxcb-shape.so.0")]
    programs.cache = "\n".join(f"\t{library} (libc6,x86-64) => /lib/{library}" for library in known)
    assert debian.missing_system_packages("run") == ["libegl1", "libxcb-shape0"]


def test_that_tests_need_more_than_a_run(debian, programs) -> None:
    programs.cache = " ".join(debian.RUN_LIBRARIES)
    programs.answer = 1  # pkg-config knows no header
    assert debian.missing_system_packages("run") == []
    assert debian.missing_system_packages("test") == list(debian.TEST_HEADERS.values())


def test_that_without_roots_rights_the_exact_line_is_said(debian, programs, monkeypatch, capsys) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    programs.answer = 1  # sudo would ask for a password
    programs.cache = " ".join(set(debian.RUN_LIBRARIES) - {"libGL.so.1"})
    with pytest.raises(SystemExit) as ended:
        started(debian, monkeypatch, "run")
    assert ended.value.code == 2
    assert "sudo apt-get install -y --no-install-recommends libgl1\n" in capsys.readouterr().err
    assert programs.called == [["sudo", "-n", "true"]]


@pytest.mark.parametrize(("user", "rights"), [(0, []), (1000, ["sudo", "-n"])])
def test_that_system_packages_are_installed_where_nobody_need_be_asked(
    debian, programs, monkeypatch, user: int, rights: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    debian.install_system_packages(["libgl1"])
    assert programs.called[-1] == [*rights, "apt-get", "install", "-y", "--no-install-recommends", "libgl1", "-qq"]


def test_that_every_declared_package_is_pinned_and_the_build_tool_too() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    lines = (CHECKOUT / "installer" / "constraints.txt").read_text("utf-8").splitlines()
    pins = {line.partition(";")[0].strip() for line in lines if "==" in line}
    pinned = {normal(pin.partition("==")[0]) for pin in pins}
    extras = project["project"]["optional-dependencies"]
    declared = {*project["project"]["dependencies"], *extras["train"], *extras["dev"]}
    assert {normal(re.split("[;[]", name)[0]) for name in declared} <= pinned
    assert set(project["build-system"]["requires"]) <= pins


def normal(name: str) -> str:
    return name.strip().lower().replace("_", "-")
