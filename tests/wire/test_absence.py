"""A test camera may be missing on a machine, and its tests are skipped; in CI that is a failure."""

import shutil
import subprocess

import pytest
import tlsimu
import wire_camera
from tlsimu import absent

from station.camera.genicam.producers import producers


def no_tlsimu() -> None:
    tlsimu.tlsimu()


def no_camera_program() -> None:
    wire_camera.wire.__wrapped__()


def no_headers() -> None:
    wire_camera.compiled_producer()


def no_cable() -> None:
    absent("only root can create a cable that can be pulled")


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Nothing is installed or downloaded, and every program fails."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(subprocess, "run", lambda *words, **_: subprocess.CompletedProcess(words, 1, "", "no network"))


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("ask", [no_tlsimu, no_camera_program, no_headers, no_cable])
@pytest.mark.parametrize(("ci", "outcome"), [(None, pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_that_a_missing_test_camera_skips_with_its_reason_and_fails_in_ci(ask, ci, outcome, monkeypatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci:
        monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome) as caught:
        ask()
    assert len(str(caught.value)) > len("absent")


def test_that_viky_is_installed_with_the_program() -> None:
    assert "viky.cti" in [producer.path.name for producer in producers(()) if not producer.refusal]
