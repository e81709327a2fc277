"""Judge stored parts on the machines of a Dask cluster."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import count
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from distributed import Client, Future, KilledWorker
from distributed.client import FutureCancelledError

from station.domain.errors import BadInputError, FaultError
from station.domain.rescore import RescoredPart
from station.rescore.cluster_worker import Assignment, Delivery, DifferentWorkerError, judge_on_worker
from station.rescore.part_judge import Batch

_CONNECT_WITHIN_S = 10
_LOOK_EVERY_S = 1.0
_NO_WORKER_FOR_S = 60.0
_AHEAD = 3
"""Batches of each worker, so that none waits for the next one."""
_SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")
_HOW = "Start it with 'dask scheduler', and give its address as tcp://HOST:8786."
_GO_ON = "Give the same command again: it goes on where it stopped."

Answers = tuple[RescoredPart, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch. One that was with workers that ended is asked part by part, each alone: no other part is suspected."""

    batch: Batch
    suspected: bool = False
    only: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class _Work:
    """What is still to be answered."""

    fresh: Iterator[_Asked]
    again: deque[_Asked] = field(default_factory=deque)
    suspects: deque[_Asked] = field(default_factory=deque)
    running: dict[str, tuple[Future, _Asked]] = field(default_factory=dict)

    def take(self) -> _Asked | None:
        """Return what is to be asked next; None if that must wait, or nothing is left."""
        asked = self.again.popleft() if self.again else next(self.fresh, None)
        if asked is None and self.suspects and not self.running:
            asked = self.suspects.popleft()
        return asked


class Cluster:
    """The workers of one scheduler, which answer one question. Close it.

    Each worker first proves that it has the station's versions and finds the station's scores; one that does not is
    left out, and named in `refused`. What a worker had when it ended, others get.

    Attributes:
        refused: Why workers were left out, by their addresses.
    """

    def __init__(self, address: str, assignment: Assignment, packages: Mapping[str, Mapping[str, bytes]]) -> None:
        """Connect, and hand the packages over.

        Args:
            address: Of the scheduler, "tcp://10.0.0.5:8786".
            assignment: The question, and what each worker must prove.
            packages: The files of each model package by their names.

        Raises:
            BadInputError: No scheduler answers at this address, or a worker has no Lineside.
        """
        _require_address(address)
        self._address, self._assignment = address, assignment
        self.refused: dict[str, str] = {}
        self._done: SimpleQueue[str] = SimpleQueue()
        self._numbers = count()
        self._alone_since_s, self._looked_s = time.monotonic(), 0.0
        self._there: set[str] = set()
        try:
            self._client = Client(address, timeout=_CONNECT_WITHIN_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BadInputError(f"No Dask scheduler answers at {address}: {error}.", _HOW) from error
        self._hand_over(Delivery(assignment.name, packages))

    def answers(self, batches: Iterable[Batch]) -> Iterator[Answers]:
        """Yield the answers to batches, as they come; each part has exactly one.

        Raises:
            StationError: The question cannot be answered.
            FaultError: No worker is left that judges as the station does, or the scheduler is gone.
        """
        work = _Work(map(_Asked, batches))
        self._ask(work)
        while work.running:
            try:
                key = self._done.get(timeout=_LOOK_EVERY_S)
            except Empty:
                self._look(work)
            else:
                if key in work.running:
                    future, asked = work.running.pop(key)
                    yield from self._taken(future, asked, work)
            self._ask(work)

    def close(self) -> None:
        """Take back what was not answered, and leave the cluster as it was."""
        if self._client.status == "running":
            self._client.unregister_worker_plugin(self._assignment.name)
        self._client.close()

    def _hand_over(self, delivery: Delivery) -> None:
        try:
            self._client.register_plugin(delivery, name=delivery.name)
        except Exception as error:  # what a worker raises arrives as a plain Exception
            without = self._without_lineside()
            with suppress(Exception):  # the scheduler would hand it to workers that come later
                self._client.unregister_worker_plugin(delivery.name)
            self._client.close()
            raise BadInputError(
                f"The model packages cannot be handed to {', '.join(without) or 'the workers'}: {error}.",
                "Install the same version of Lineside where each worker runs, or end those workers.",
            ) from error

    def _without_lineside(self) -> list[str]:
        found = self._client.run(import_module, Delivery.__module__, on_error="return")
        return sorted(address for address, answer in found.items() if isinstance(answer, Exception))

    def _taken(self, future: Future, asked: _Asked, work: _Work) -> Iterator[Answers]:
        try:
            answers: Answers = future.result()
        except DifferentWorkerError as error:
            self._refuse(error)
            work.again.append(replace(asked, only=frozenset()))
        except KilledWorker:
            if asked.suspected:
                cause = "Each worker that judged it ended."
                yield tuple(RescoredPart(part.key, part.recorded, None, cause) for part in asked.batch)
            else:
                work.suspects.extend(_Asked((part,), suspected=True) for part in asked.batch)
        except (CancelledError, FutureCancelledError) as error:
            raise self._gone() from error
        else:
            yield answers

    def _ask(self, work: _Work) -> None:
        good = self._good()
        if self.refused and not good:
            raise self._no_worker()
        most = _AHEAD * max(1, len(good))
        while len(work.running) < most and not any(asked.suspected for _, asked in work.running.values()):
            asked = work.take()
            if asked is None:
                return
            self._submit(asked, work)

    def _submit(self, asked: _Asked, work: _Work) -> None:
        only = frozenset(self._good()) if self.refused else frozenset()
        key = f"{self._assignment.name}-{next(self._numbers)}"
        future = self._client.submit(
            judge_on_worker, self._assignment, asked.batch, key=key, workers=sorted(only) or None, pure=False
        )
        work.running[key] = future, replace(asked, only=only)
        future.add_done_callback(lambda done: self._done.put(done.key))

    def _look(self, work: _Work) -> None:
        """Give to others what only workers that have ended may do, and wait no longer than is sensible for a worker."""
        good = self._good()
        if good:
            self._alone_since_s = time.monotonic()
        elif time.monotonic() - self._alone_since_s > _NO_WORKER_FOR_S:
            raise self._no_worker()
        for key, (future, asked) in [*work.running.items()]:
            if asked.only and not asked.only & good:
                del work.running[key]
                future.cancel()
                work.again.append(asked)

    def _good(self) -> set[str]:
        """Return the addresses of the workers that were not refused."""
        if self._client.status != "running":
            raise self._gone()
        if time.monotonic() - self._looked_s >= _LOOK_EVERY_S:
            self._there, self._looked_s = set(self._client.scheduler_info()["workers"]), time.monotonic()
        return self._there - set(self.refused)

    def _refuse(self, error: DifferentWorkerError) -> None:
        self.refused[error.address] = error.sentence

    def _no_worker(self) -> FaultError:
        why = " ".join(self.refused.values()) or f"{self._address} has no worker."
        return FaultError(f"No worker is left to judge the stored parts. {why}", _GO_ON)

    def _gone(self) -> FaultError:
        return FaultError(f"The scheduler {self._address} does not answer any more.", f"Start it again. {_GO_ON}")


def _require_address(address: str) -> None:
    """Refuse what Dask's client would only refuse after it had waited, and with a traceback."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in _SCHEMES and bool(parts.hostname) and bool(parts.port)
    except ValueError:  # such as a port above 65535
        is_one = False
    if not is_one:
        raise BadInputError(f"'{address}' is not the address of a Dask scheduler.", _HOW)
