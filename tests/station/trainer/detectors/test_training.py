"""The loop that trains a network, and the order of its batches."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the training extra")

from station.domain.errors import FaultError  # noqa: E402 - only with torch
from station.learning.progress import Progress  # noqa: E402
from station.trainer.detectors.contract import Session  # noqa: E402
from station.trainer.detectors.torch_networks.training import (  # noqa: E402
    in_epochs,
    shuffled,
    start,
    train,
    train_in_steps,
)


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
    train_in_steps([weight], lambda _: weight * weight, batches, 5, session, learning_rate=0.1)
    assert [step.done for step in steps] == [0, 1, 2, 3, 4, 5]
    losses = [step.loss for step in steps[1:]]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == 9.0
    assert steps[-1].left_s == 0.0


@given(count=st.integers(1, 30), at_once=st.integers(1, 40), epochs=st.integers(1, 4))
def test_that_an_epoch_shows_each_picture_at_most_once(count, at_once, epochs):
    chosen = np.arange(count) * 3
    schedule = in_epochs(chosen, epochs, at_once)
    batches = list(schedule.batches)
    assert schedule.steps == len(batches) == epochs * schedule.later_every
    assert {len(batch) for batch in batches} == {min(at_once, count)}
    for epoch in range(epochs):
        shown = np.concatenate(batches[epoch * schedule.later_every : (epoch + 1) * schedule.later_every])
        assert len(set(shown.tolist())) == len(shown) > count - at_once
        assert set(shown.tolist()) <= set(chosen.tolist())


def test_that_the_rate_changes_after_each_epoch():
    weight = torch.nn.Parameter(torch.tensor(3.0))
    optimiser = torch.optim.SGD([weight], lr=1.0)
    rates: list[float] = []

    def loss_of(_: np.ndarray) -> torch.Tensor:
        rates.append(optimiser.param_groups[0]["lr"])
        return weight * 0

    halved = torch.optim.lr_scheduler.StepLR(optimiser, 1, 0.5)
    train(loss_of, optimiser, in_epochs(np.arange(5), 3, 2, halved), Session(lambda _: None, 1, 0, None))
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]


def test_that_the_seed_of_the_session_draws_the_batches():
    drawn = []
    for seed in (1, 1, 2):
        start(Session(lambda _: None, torch.get_num_threads(), seed, None))
        drawn.append(np.concatenate(list(in_epochs(np.arange(50), 1, 5).batches)).tolist())
    assert drawn[0] == drawn[1] != drawn[2]


def test_that_a_loss_that_is_not_a_number_ends_the_training():
    weight = torch.nn.Parameter(torch.tensor(float("nan")))
    with pytest.raises(FaultError, match="its loss is not a number"):
        train_in_steps(
            [weight], lambda _: weight, shuffled(4, 2, np.random.default_rng(0)), 3,
            Session(lambda _: None, 1, 0, None), learning_rate=0.1,
        )  # fmt: skip
