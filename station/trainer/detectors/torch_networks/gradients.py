"""The loop of methods that are trained by gradients: random batches, a curve of the loss, and the time left."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from station.domain.errors import FaultError
from station.learning.progress import Progress
from station.trainer.detectors.contract import Session

_STAGE = "Training"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a network is trained.

    Attributes:
        epochs: How often each picture is looked at.
        at_once: Pictures of one step.
        later: Changes the rate of learning after each epoch; None if it stays.
    """

    epochs: int
    at_once: int
    later: torch.optim.lr_scheduler.LRScheduler | None = None


def start(session: Session) -> None:
    """Let torch use the cores of the session, and draw by its seed."""
    torch.set_num_threads(session.cores)
    torch.manual_seed(session.seed)


def train(
    loss_of: Callable[[torch.Tensor], torch.Tensor],
    optimiser: torch.optim.Optimizer,
    chosen: NDArray[np.intp],
    schedule: Schedule,
    session: Session,
) -> None:
    """Train by the loss of random batches.

    Args:
        loss_of: From the numbers of some pictures to their loss, one value.
        optimiser: Of the parameters that are trained.
        chosen: The numbers of the pictures to learn.
        schedule: How long.
        session: Gets the progress with each step.

    Raises:
        FaultError: The loss is not a number.
    """
    began = time.monotonic()
    batches = list(_batches(torch.as_tensor(chosen), schedule))
    for done, batch in enumerate(batches, start=1):
        optimiser.zero_grad()
        loss = loss_of(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if schedule.later is not None and done * schedule.epochs % len(batches) < schedule.epochs:
            schedule.later.step()
        left_s = (time.monotonic() - began) / done * (len(batches) - done)
        session.on_progress(Progress(_STAGE, done, len(batches), round(left_s, 1), _number(loss)))


def _batches(chosen: torch.Tensor, schedule: Schedule) -> Iterator[torch.Tensor]:
    """Yield each batch of each epoch; what is left over of an epoch is left out, unless nothing else is there."""
    at_once = min(schedule.at_once, len(chosen))
    for _ in range(schedule.epochs):
        order = chosen[torch.randperm(len(chosen))]
        yield from order[: len(order) // at_once * at_once].reshape(-1, at_once)


def _number(loss: torch.Tensor) -> float:
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FaultError("The training went wrong: its loss is not a number.", "Teach with another model.")
    return value
