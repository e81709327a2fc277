"""A runner is started so that it outlives its starter, or the reason is said."""

from pathlib import Path

import pytest

from station.domain.errors import FaultError
from station.learning.runs.starting import start_runner
from station.workspace import Workspace


def test_that_a_system_without_room_for_a_process_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(FaultError, match="cannot be started now") as refused:
        start_runner(Workspace.open(tmp_path))
    assert "queued" in refused.value.advice
