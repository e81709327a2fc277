"""The loop that trains a network, and the order of its batches."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the training extra")

from station.learning.progress import Progress  # noqa: E402 - only with torch
from station.trainer.detectors.contract import Session  # noqa: E402
from station.trainer.detectors.torch_networks.training import shuffled, train  # noqa: E402


@given(count=st.integers(1, 30), batch=st.integers(1, 40), seed=st.integers(0, 5))
def test_that_each_picture_is_learned_once_before_one_is_learned_again(count, batch, seed):
    batches = shuffled(count, batch, np.random.default_rng(seed))
    drawn = np.concatenate(list(islice(batches, 3 * count)))
    rounds = len(drawn) // count
    for each in drawn[: rounds * count].reshape(rounds, count):
        assert sorted(each.tolist()) == list(range(count))


def test_that_the_loss_of_each_step_and_the_time_left_are_reported():
    steps: list[Progress] = []
    weight = torch.nn.Parameter(torch.tensor(3.0))
    session = Session(steps.append, 1, 0, None)
    batches = shuffled(4, 2, np.random.default_rng(0))
    train([weight], lambda _: weight * weight, batches, 5, session, learning_rate=0.1)
    assert [step.done for step in steps] == [0, 1, 2, 3, 4, 5]
    losses = [step.loss for step in steps[1:]]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == 9.0
    assert steps[-1].left_s == 0.0
