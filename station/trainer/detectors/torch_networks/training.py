"""The loop that trains a network by gradients: random batches, a curve of the loss, and the time left."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.domain.errors import FaultError
from station.learning.progress import Progress
from station.trainer.detectors.contract import Session

_STAGE = "Training"

Numbers = NDArray[np.intp]
"""The numbers of the pictures of one step, (n,)."""
LossOf = Callable[[Numbers], torch.Tensor]
"""From the numbers of some pictures to their loss, one value."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a network is trained.

    Attributes:
        batches: The pictures of each step; at least as many as steps.
        steps: How many steps to take.
        later: Changes the rate of learning; None if it stays.
        later_every: The number of steps between two changes.
    """

    batches: Iterable[Numbers]
    steps: int
    later: torch.optim.lr_scheduler.LRScheduler | None = None
    later_every: int = 1


def start(session: Session) -> None:
    """Let torch use the cores of the session, and draw by its seed."""
    torch.set_num_threads(session.cores)
    torch.manual_seed(session.seed)


def train(loss_of: LossOf, optimiser: torch.optim.Optimizer, schedule: Schedule, session: Session) -> None:
    """Train by the loss of random batches.

    Args:
        loss_of: What is made small.
        optimiser: Of the parameters that are trained.
        schedule: How long.
        session: Gets the progress with each step.

    Raises:
        FaultError: The loss is not a number.
    """
    began, steps = time.monotonic(), schedule.steps
    session.on_progress(Progress(_STAGE, 0, steps))
    for done, batch in zip(range(1, steps + 1), schedule.batches, strict=False):
        optimiser.zero_grad()
        loss = loss_of(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if schedule.later is not None and done % schedule.later_every == 0:
            schedule.later.step()
        left_s = (time.monotonic() - began) / done * (steps - done)
        session.on_progress(Progress(_STAGE, done, steps, round(left_s, 1), _number(loss)))


def in_epochs(
    chosen: Numbers, epochs: int, at_once: int, later: torch.optim.lr_scheduler.LRScheduler | None = None
) -> Schedule:
    """Return the schedule of some epochs, whose batches are drawn by the seed of torch.

    What is left over of an epoch is left out, unless nothing else is there.

    Args:
        chosen: The numbers of the pictures to learn.
        epochs: How often each picture is looked at.
        at_once: Pictures of one step.
        later: Changes the rate of learning after each epoch; None if it stays.
    """
    at_once = min(at_once, len(chosen))
    of_epoch = len(chosen) // at_once
    orders = [chosen[torch.randperm(len(chosen)).numpy()] for _ in range(epochs)]
    batches = [batch for order in orders for batch in order[: of_epoch * at_once].reshape(-1, at_once)]
    return Schedule(batches, len(batches), later, of_epoch)


def train_in_steps(
    parameters: Iterable[nn.Parameter],
    loss_of: LossOf,
    batches: Iterable[Numbers],
    steps: int,
    session: Session,
    *,
    learning_rate: float,
) -> None:
    """Take steps of AdamW at a rate that falls to 0 as a half cosine.

    Args:
        parameters: What is trained.
        loss_of: What is made small.
        batches: At least as many as steps.
        steps: How many steps to take.
        session: Gets the progress with each step.
        learning_rate: That of the first step.

    Raises:
        FaultError: The loss is not a number.
    """
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    train(loss_of, optimiser, Schedule(batches, steps, falling), session)


def shuffled(count: int, batch: int, rng: np.random.Generator) -> Iterator[Numbers]:
    """Yield batches of numbers below `count` without end: each number once, in new order, before one comes again."""
    batch = min(batch, count)
    waiting = np.empty(0, np.intp)
    while True:
        while len(waiting) < batch:
            waiting = np.concatenate([waiting, rng.permutation(count)])
        yield waiting[:batch]
        waiting = waiting[batch:]


def _number(loss: torch.Tensor) -> float:
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FaultError("The training went wrong: its loss is not a number.", "Teach with another method.")
    return value
