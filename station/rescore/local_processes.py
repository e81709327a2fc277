"""Judge stored parts in several processes of this machine, one for each core."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from station.domain.errors import FaultError
from station.domain.rescore import RescoredPart
from station.rescore.one_core import take_one_core
from station.rescore.part_judge import Batch, Folders, Question, forget_models, judge_batch

_AHEAD = 2
"""Batches that one process has, so that it never waits for the next one."""
_TRIES = 3
_MOST_ENDS = 12
"""Processes that end one after the other without any result between."""

Answers = tuple[RescoredPart, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    batch: Batch
    tries: int = 0


_Running = dict[Future[Answers], tuple[int, _Asked]]
"""What was asked of which process."""


class InThisProcess:
    """Judges a few parts in this process. Close it."""

    def __init__(self, question: Question, folders: Folders) -> None:
        """Open no model yet."""
        self._question, self._folders = question, folders
        self.refused: dict[str, str] = {}

    def answers(self, batches: Iterable[Batch]) -> Iterator[Answers]:
        """Yield the answers to batches, in their order.

        Raises:
            StationError: The question cannot be answered.
        """
        return (judge_batch(self._question, self._folders, batch) for batch in batches)

    def close(self) -> None:
        """Release the models."""
        forget_models()


class LocalProcesses:
    """Processes of this machine that answer one question. Close them."""

    def __init__(self, question: Question, folders: Folders, processes: int) -> None:
        """Start no process yet.

        Args:
            question: What is asked of every part.
            folders: Of the station.
            processes: How many processes.
        """
        self._question, self._folders = question, folders
        self._lanes = [_lane() for _ in range(processes)]
        self._ends = 0
        self.refused: dict[str, str] = {}

    def answers(self, batches: Iterable[Batch]) -> Iterator[Answers]:
        """Yield the answers to batches, as they come; each part has exactly one.

        If a process ends in the middle, its parts are asked once more one by one. A part with which three have ended
        is answered with that cause.

        Raises:
            StationError: The question cannot be answered.
            FaultError: The processes end one after the other.
        """
        fresh = map(_Asked, batches)
        again: deque[_Asked] = deque()
        running: _Running = {}
        self._ask_all(again, fresh, running)
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                _, asked = running.pop(future)
                try:
                    answers = future.result()
                except BrokenProcessPool:
                    self._note_end(future)
                    answers = _given_up(asked)
                    if not answers:
                        again.extend(replace(asked, batch=(part,), tries=asked.tries + 1) for part in asked.batch)
                else:
                    self._ends = 0
                if answers:
                    yield answers
            self._ask_all(again, fresh, running)

    def close(self) -> None:
        """End the processes; what they have not answered is left."""
        for lane in self._lanes:
            lane.shutdown(wait=True, cancel_futures=True)

    def _ask_all(self, again: deque[_Asked], fresh: Iterator[_Asked], running: _Running) -> None:
        """Give every process enough to do. A part that may have ended one is judged alone: no other is suspected."""
        for lane in range(len(self._lanes)):
            has = [asked for at, asked in running.values() if at == lane]
            while len(has) < _AHEAD and not any(asked.tries for asked in has) and not (again and has):
                asked = again.popleft() if again else next(fresh, None)
                if asked is None:
                    break
                has.append(asked)
                running[self._submit(lane, asked)] = lane, asked

    def _submit(self, lane: int, asked: _Asked) -> Future[Answers]:
        try:
            return self._lanes[lane].submit(judge_batch, self._question, self._folders, asked.batch)
        except BrokenProcessPool:
            self._lanes[lane].shutdown(wait=False)
            self._lanes[lane] = _lane()
            return self._lanes[lane].submit(judge_batch, self._question, self._folders, asked.batch)

    def _note_end(self, future: Future[Answers]) -> None:
        self._ends += 1
        if self._ends >= _MOST_ENDS:
            raise FaultError(
                "The programs that judge the stored parts end one after the other.",
                "See what the system says of them (memory?), then give the same command again: it goes on.",
            ) from future.exception()


def _lane() -> ProcessPoolExecutor:
    """Return an executor with one process: if it ends, its own batches are known."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _given_up(asked: _Asked) -> Answers:
    if asked.tries < _TRIES - 1:
        return ()
    cause = f"The program that judged it ended {_TRIES} times."
    return tuple(RescoredPart(part.key, part.recorded, None, cause) for part in asked.batch)


def _begin() -> None:
    """In the new process: it takes one core, Ctrl+C is for its parent alone, and it ends when that was killed."""
    take_one_core()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
