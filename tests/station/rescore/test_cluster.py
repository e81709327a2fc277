"""A cluster says of every part what the station says, whatever ends in the middle."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from archive import store_parts
from drafts import add_draft
from waiting import until

from station.app import Station
from station.commands.rescore import Rescore, RescoreOrder
from station.domain.errors import BadInputError, FaultError
from station.domain.inspection import PartKey

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

LOCAL = RescoreOrder(("plate", 2), ("plate", 1), processes=2)
_PROGRAMS = "from distributed.cli.dask_{0} import main; main()"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler, and workers with their nannies, each in a program of its own."""

    address: str
    workers: tuple[psutil.Process, ...]

    @property
    def judging(self) -> list[psutil.Process]:
        """Return the processes that judge: the children of nannies, without trackers of resources."""
        children = [child for nanny in self.workers for child in nanny.children()]
        return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


@contextmanager
def program(
    kind: str, folder: Path, *words: str, more: dict[str, str] | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run `dask scheduler` or `dask worker` on loopback until the block ends; its words go into a file."""
    script = _PROGRAMS.format(kind)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])} | (more or {})
    with (folder / f"{kind}.txt").open("ab") as out:
        running = subprocess.Popen(
            [sys.executable, "-c", script, *words], cwd=folder, env=environment, stdout=out, stderr=out
        )
    try:
        yield running
    finally:
        tree = [running, *psutil.Process(running.pid).children(recursive=True)] if running.poll() is None else []
        for each in tree:
            each.terminate()
        running.wait(30)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler on loopback."""
    folder = tmp_path / "scheduler"
    folder.mkdir()
    file = folder / "scheduler.json"
    with program(
        "scheduler", folder, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
    ) as running:
        # The file is there before its content is.
        found = until(lambda: re.search(r'"address": "(tcp://[^"]+)"', file.read_text() if file.is_file() else ""))
        assert running.poll() is None
        yield found[1]


@contextmanager
def workers(address: str, folder: Path, count: int = 2, more: dict[str, str] | None = None) -> Iterator[Cluster]:
    """Start workers, each with one process and one thread."""
    words = (address, "--nworkers", "1", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as held:
        folders = [folder / f"worker-{at}" for at in range(count)]
        for each in folders:
            each.mkdir()
        started = [held.enter_context(program("worker", each, *words, more=more)) for each in folders]
        yield Cluster(address, tuple(psutil.Process(each.pid) for each in started))


def archive_of(station: Station, parts: int) -> list[PartKey]:
    """Store parts that the released revision judged, beside a draft that would let many pass."""
    released = station.recipes.find("plate").recipe
    add_draft(station, lax=True)
    return store_parts(station, released, parts)


def rows_of(station: Station, found: Rescore) -> list[tuple[object, ...]]:
    """Return what is recorded of a re-score, bit by bit."""
    query = f"SELECT * FROM rescored_part WHERE job_id = {found.job.job_id} ORDER BY run_id, number"
    with station._core.database.reading() as connection:
        rows = connection.exec_driver_sql(query).all()
    return [tuple(each.hex() if isinstance(each, float) else each for each in row[1:]) for row in rows]


def forget(station: Station) -> None:
    """Remove every re-score, so that the next one judges all parts."""
    with station._core.database.writing() as connection:
        for table in ("rescored_view", "rescored_part"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_that_an_address_without_a_scheduler_is_refused_in_a_sentence(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.rescore.cluster._CONNECT_WITHIN_S", 1)
    archive_of(station, 5)
    with pytest.raises(BadInputError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        station.rescoring.rescore(replace(LOCAL, scheduler="tcp://127.0.0.1:9"))


@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1", "hall-3:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1:99999"])
def test_that_what_is_not_an_address_of_a_scheduler_is_refused_at_once(
    station: Station, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    archive_of(station, 2)
    with pytest.raises(BadInputError, match=f"'{address}' is not the address of a Dask scheduler"):
        station.rescoring.rescore(replace(LOCAL, scheduler=address))
    assert "Traceback" not in capfd.readouterr().err


def _equal_with_a_killed_worker(station: Station, scheduler: str, folder: Path, parts: int) -> None:
    keys = archive_of(station, parts)
    expected = rows_of(station, station.rescoring.rescore(LOCAL))
    forget(station)
    killed: list[int] = []
    with workers(scheduler, folder) as cluster:

        def kill_one(done: int) -> None:
            if done >= parts // 3 and not killed:
                killed.append(cluster.judging[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        order = replace(LOCAL, scheduler=scheduler)
        found = station.rescoring.rescore(order, lambda step: kill_one(step.done))
    assert killed
    assert (found.figures.judged, found.figures.not_judged, found.figures.waiting) == (parts, 0, 0)
    assert found.notes == ()
    assert rows_of(station, found) == expected
    assert [PartKey(*row[:2]) for row in expected] == keys


@pytest.mark.slow
def test_that_a_cluster_with_a_killed_worker_equals_this_machine(
    station: Station, scheduler: str, tmp_path: Path
) -> None:
    _equal_with_a_killed_worker(station, scheduler, tmp_path, 600)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_that_20_000_parts_on_a_cluster_with_a_killed_worker_equal_this_machine(
    station: Station, scheduler: str, tmp_path: Path
) -> None:
    _equal_with_a_killed_worker(station, scheduler, tmp_path, 20_000)


@pytest.mark.slow
def test_that_a_worker_of_another_version_is_left_out_and_named(
    station: Station, scheduler: str, tmp_path: Path
) -> None:
    archive_of(station, 40)
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text("import station\nstation.__version__ = '0.0.9'\n")
    path = f"{other}{os.pathsep}{Path(__file__).parents[3]}"
    order = replace(LOCAL, scheduler=scheduler)
    with workers(scheduler, other, 1, {"PYTHONPATH": path}):
        with pytest.raises(FaultError, match=r"No worker is left .* has Lineside 0\.0\.9, OpenVINO"):
            station.rescoring.rescore(order)
        with workers(scheduler, tmp_path, 1), distributed.Client(scheduler, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            found = station.rescoring.rescore(order)
    assert found.figures.judged == 40
    assert all("has Lineside 0.0.9" in note for note in found.notes)


@pytest.mark.slow
def test_that_a_worker_without_lineside_is_named_and_nothing_is_left_in_the_cluster(
    station: Station, scheduler: str, tmp_path: Path
) -> None:
    archive_of(station, 2)
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "sitecustomize.py").write_text("import sys\nsys.modules['station'] = None\n")
    with (
        workers(scheduler, bare, 1, {"PYTHONPATH": str(bare)}),
        distributed.Client(scheduler, set_as_default=False) as client,
    ):
        client.wait_for_workers(1, timeout=120)
        (address,) = client.scheduler_info()["workers"]
        with pytest.raises(BadInputError, match=f"cannot be handed to {re.escape(address)}: .*station") as refused:
            station.rescoring.rescore(replace(LOCAL, scheduler=scheduler))
        left = client.run_on_scheduler(lambda dask_scheduler: [*dask_scheduler.worker_plugins])
    assert not [name for name in left if name.startswith("lineside")]
    assert refused.value.advice.startswith("Install the same version of Lineside")
