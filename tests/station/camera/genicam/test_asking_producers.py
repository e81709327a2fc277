"""Which producers a camera is asked of, and what becomes of those that hang, refuse or do not see it."""

from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from station.camera.genicam import protocol
from station.camera.genicam.camera import GenicamCamera
from station.camera.genicam.process import CameraAbsentError
from station.domain.errors import CameraError, CameraLostError
from station.settings import CameraSettings

MAKER, OTHER = "/maker.cti", "/other.cti"
ABSENT, HUNG = CameraAbsentError("It sees none."), CameraLostError("It hangs.")


class Processes:
    """Replaces `Standby`: its processes answer as each producer would and record which producers were asked."""

    def __init__(self) -> None:
        self.answers: dict[str, CameraError | None] = {}
        self.asked: list[str] = []
        self.die = False
        self.prepared = 0

    def take_process(self) -> SimpleNamespace:
        return SimpleNamespace(send_command=self._ask, kill=lambda: None)

    def prepare_process(self) -> None:
        self.prepared += 1

    def _ask(self, command: protocol.Command, answer: type, within_s: float) -> protocol.Reply:
        if not isinstance(command, protocol.Open):
            if self.die:
                raise CameraLostError("It died.")
            return protocol.Report()
        self.asked.append(command.producer)
        if (error := self.answers.get(command.producer)) is not None:
            raise error
        return protocol.Opened("Maker", "Model", "4711", "")


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    processes = Processes()
    found = [SimpleNamespace(library=Path(path), refusal="") for path in (OTHER, MAKER)]
    monkeypatch.setattr("station.camera.genicam.camera.Standby", lambda about: processes)
    monkeypatch.setattr("station.camera.genicam.camera.producers", lambda from_settings: found)
    return processes


@pytest.fixture
def camera(processes: Processes) -> GenicamCamera:
    return GenicamCamera("4711", CameraSettings())


def lose(camera: GenicamCamera, processes: Processes) -> None:
    processes.die = True
    with pytest.raises(CameraLostError):
        camera.apply({"Gain": 1.0})
    processes.die = False


@pytest.mark.parametrize("answer", [None, ABSENT, HUNG])
def test_that_a_lost_camera_is_searched_only_with_the_producer_that_had_it(
    camera: GenicamCamera, processes: Processes, answer: CameraError | None
) -> None:
    processes.answers = {OTHER: ABSENT}
    camera.features()
    lose(camera, processes)
    processes.answers[MAKER] = answer
    processes.asked.clear()
    for _ in range(2):
        with suppress(CameraError):
            camera.features()
    assert set(processes.asked) == {MAKER}


def test_that_a_producer_that_hung_is_not_asked_again_but_is_named(camera: GenicamCamera, processes: Processes) -> None:
    processes.answers = {OTHER: HUNG, MAKER: ABSENT}
    for _ in range(2):
        with pytest.raises(CameraError, match=f"{OTHER} did not answer"):
            camera.features()
    assert processes.asked == [OTHER, MAKER, MAKER]


def test_that_after_a_refusal_the_next_producer_is_tried(camera: GenicamCamera, processes: Processes) -> None:
    processes.answers = {OTHER: CameraError("Only to be read.")}
    camera.features()
    assert processes.asked == [OTHER, MAKER]


def test_that_the_first_refusal_is_raised_if_no_producer_opens_the_camera(
    camera: GenicamCamera, processes: Processes
) -> None:
    processes.answers = {OTHER: CameraError("Held by another program."), MAKER: ABSENT}
    with pytest.raises(CameraError, match="Held by another"):
        camera.features()


def test_that_a_spare_process_is_prepared_after_a_refusal(camera: GenicamCamera, processes: Processes) -> None:
    processes.answers = {OTHER: ABSENT, MAKER: CameraError("Held by another program.")}
    with pytest.raises(CameraError):
        camera.features()
    assert processes.prepared == 1


def test_that_an_open_camera_that_cannot_be_read_raises_instead_of_empty_settings(
    camera: GenicamCamera, processes: Processes
) -> None:
    assert camera.settings() == {}
    camera.features()
    processes.die = True
    with pytest.raises(CameraError, match="It died"):
        camera.settings()
    lose(camera, processes)
    with pytest.raises(CameraError, match="is not open"):
        camera.settings()
