"""The loop that trains a network by gradients, with its loss as a curve."""

import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.learning.progress import Progress
from station.trainer.detectors.contract import Session

_TRAINING = "Training"


def train(
    parameters: Iterable[nn.Parameter],
    loss_of: Callable[[NDArray[np.intp]], torch.Tensor],
    batches: Iterator[NDArray[np.intp]],
    steps: int,
    session: Session,
    *,
    learning_rate: float,
) -> None:
    """Take steps of Adam at a rate that falls to 0 as a half cosine.

    Args:
        parameters: What is trained.
        loss_of: The loss of a batch, from the numbers of its pictures.
        batches: At least as many as steps.
        steps: How many steps to take.
        session: Hears the loss of each step and the time left.
        learning_rate: That of the first step.
    """
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    began = time.monotonic()
    session.on_progress(Progress(_TRAINING, 0, steps))
    for done in range(1, steps + 1):
        loss = loss_of(next(batches))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        left_s = (time.monotonic() - began) / done * (steps - done)
        session.on_progress(Progress(_TRAINING, done, steps, round(left_s, 1), float(loss.detach())))


def shuffled(count: int, batch: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Yield batches of numbers below `count` without end: each number once, in new order, before one comes again."""
    batch = min(batch, count)
    waiting = np.empty(0, np.intp)
    while True:
        while len(waiting) < batch:
            waiting = np.concatenate([waiting, rng.permutation(count)])
        yield waiting[:batch]
        waiting = waiting[batch:]
