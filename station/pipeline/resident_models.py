"""Models that stay open after their run, so that a change of product does not wait for its model."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace

from station.concurrency.started import Started
from station.domain.errors import FaultError, StationError
from station.domain.frame import Image
from station.domain.verdict import Prediction
from station.inference.predictor import Predictor

MOST_IDLE = 3
"""As many models wait for a next run; the one that was used longest ago is closed first. So memory is bounded."""


_PREPARED_WITHIN_S = 10.0


class ResidentModels:
    """Lends opened models, one borrower at a time. Safe from any thread."""

    def __init__(self, most_idle: int = MOST_IDLE) -> None:
        """Keep at most this many models that nobody uses."""
        self._most_idle = most_idle
        self._lock = threading.Lock()
        self._idle: dict[Hashable, Predictor] = {}
        self._prepared: dict[Hashable, Started[Predictor]] = {}

    def prepare(self, key: Hashable, open_predictor: Callable[[], Predictor]) -> None:
        """Open a model that is wanted soon, on a thread of its own. Returns at once; `lend` waits for it.

        What goes wrong is raised by `lend`.
        """
        with self._lock:
            if key not in self._idle and key not in self._prepared:
                self._prepared[key] = Started("model", open_predictor)

    def lend(self, key: Hashable, open_predictor: Callable[[], Predictor]) -> Predictor:
        """Return an opened model; closing it gives it back.

        Args:
            key: The same for models that judge alike and have as many threads.
            open_predictor: Opens the model if none waits.

        Raises:
            StationError: It cannot be opened.
        """
        with self._lock:
            waiting, prepared = self._idle.pop(key, None), self._prepared.pop(key, None)
        if waiting is None:
            waiting = prepared.result() if prepared else open_predictor()
        return _Lent(waiting, lambda predictor: self._keep(key, predictor))

    def close(self) -> None:
        """Close all models that nobody uses, and from now on each that is given back."""
        with self._lock:
            self._most_idle = 0
            idle, self._idle = list(self._idle.values()), {}
            prepared, self._prepared = list(self._prepared.values()), {}
        opened = [each for each in prepared if each.wait(_PREPARED_WITHIN_S) and not each.failed()]
        for predictor in (*idle, *(each.result() for each in opened)):
            predictor.close()

    def _keep(self, key: Hashable, predictor: Predictor) -> None:
        with self._lock:
            closed = [self._idle.pop(key)] if key in self._idle else []
            self._idle[key] = predictor
            while len(self._idle) > self._most_idle:
                closed.append(self._idle.pop(next(iter(self._idle))))
        for each in closed:
            each.close()


class _Lent:
    """A model of somebody's run. One that has failed, or does not come back, is closed, and not lent again."""

    def __init__(self, predictor: Predictor, give_back: Callable[[Predictor], None]) -> None:
        self._predictor: Predictor | None = predictor
        self._input_size = predictor.input_size
        self._give_back = give_back
        self._lock = threading.Lock()
        self._failed = False
        self._asked = 0

    @property
    def input_size(self) -> tuple[int, int]:
        return self._input_size

    def predict(self, image: Image) -> Prediction:
        predictor = self._predictor
        if predictor is None:
            raise FaultError("The model was already closed.")
        answer = self._watched(lambda: predictor.predict(image))
        if (again := answer.judge_again) is None:
            return answer
        return replace(answer, judge_again=lambda: self._watched(again))

    def close(self) -> None:
        with self._lock:
            predictor, self._predictor = self._predictor, None
            is_sound = not (self._failed or self._asked)
        if predictor is None:
            return
        if is_sound:
            self._give_back(predictor)
        else:
            predictor.close()

    def _watched(self, ask: Callable[[], Prediction]) -> Prediction:
        with self._lock:
            self._asked += 1
        try:
            return ask()
        except StationError:
            self._failed = True
            raise
        finally:
            with self._lock:
                self._asked -= 1
