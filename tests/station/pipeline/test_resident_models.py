"""Models that stay open: found again by the next run, bounded in number, never lent twice at once."""

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import FaultError
from station.domain.verdict import Prediction
from station.pipeline.resident_models import ResidentModels


class Model:
    input_size = (32, 32)

    def __init__(self) -> None:
        self.closed = 0
        self.fails = False

    def predict(self, image) -> Prediction:
        if self.fails:
            raise FaultError("the device failed")
        return Prediction(0.1, 0.1, np.zeros((1, 1), np.float32))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def opened() -> list[Model]:
    return []


@pytest.fixture
def opener(opened: list[Model]) -> Callable[[], Model]:
    def opens() -> Model:
        opened.append(Model())
        return opened[-1]

    return opens


def test_that_the_next_run_finds_the_model_open(opened, opener) -> None:
    models = ResidentModels()
    models.lend("a", opener).close()
    models.lend("a", opener).close()
    assert [each.closed for each in opened] == [0]
    models.close()
    assert [each.closed for each in opened] == [1]


def test_that_two_runs_at_once_have_a_model_each(opened, opener) -> None:
    models = ResidentModels()
    one, other = models.lend("a", opener), models.lend("a", opener)
    assert len(opened) == 2
    one.close()
    other.close()
    other.close()
    assert sorted(each.closed for each in opened) == [0, 1]
    with pytest.raises(FaultError, match="already closed"):
        one.predict(np.zeros((32, 32, 3), np.uint8))


def test_that_the_model_used_longest_ago_is_closed_first(opened, opener) -> None:
    models = ResidentModels(most_idle=2)
    for key in "abc":
        models.lend(key, opener).close()
    assert [each.closed for each in opened] == [1, 0, 0]
    models.lend("b", opener).close()
    models.lend("d", opener).close()
    assert [each.closed for each in opened] == [1, 0, 1, 0]


def test_that_a_model_that_failed_is_not_lent_again(opened, opener) -> None:
    models = ResidentModels()
    lent = models.lend("a", opener)
    opened[0].fails = True
    with pytest.raises(FaultError):
        lent.predict(np.zeros((32, 32, 3), np.uint8))
    lent.close()
    models.lend("a", opener)
    assert [each.closed for each in opened] == [1, 0]


def test_that_a_model_given_back_after_the_end_is_closed(opened, opener) -> None:
    models = ResidentModels()
    lent = models.lend("a", opener)
    models.close()
    lent.close()
    assert opened[0].closed == 1


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=30), st.integers(0, 3))
def test_that_never_more_models_stay_open_than_are_used_and_may_wait(steps, most_idle) -> None:
    opened: list[Model] = []

    def opens() -> Model:
        opened.append(Model())
        return opened[-1]

    models, lent = ResidentModels(most_idle), []
    for key, gives_back in steps:
        if gives_back and lent:
            lent.pop(0).close()
        else:
            lent.append(models.lend(key, opens))
        assert sum(not each.closed for each in opened) <= len(lent) + most_idle
    for each in lent:
        each.close()
    models.close()
    assert all(each.closed == 1 for each in opened)


def test_that_a_model_that_does_not_come_back_is_closed_and_not_lent_again(opened, opener) -> None:
    models, began, wakes = ResidentModels(), threading.Event(), threading.Event()
    lent = models.lend("a", opener)
    whole = opened[0].predict

    def hang(image) -> Prediction:
        began.set()
        assert wakes.wait(60)
        return whole(image)

    opened[0].predict = hang
    hanging = threading.Thread(target=lent.predict, args=(np.zeros((32, 32, 3), np.uint8),))
    hanging.start()
    assert began.wait(60)
    lent.close()
    models.lend("a", opener).close()
    wakes.set()
    hanging.join()
    assert [each.closed for each in opened] == [1, 0]


def test_that_a_model_that_fails_when_it_judges_again_is_closed_and_not_lent_again(opened, opener) -> None:
    def fails() -> Prediction:
        raise FaultError("the device failed")

    models = ResidentModels()
    lent = models.lend("a", opener)
    answer = replace(opened[0].predict(None), judge_again=fails)
    opened[0].predict = lambda image: answer
    with pytest.raises(FaultError, match="the device failed"):
        lent.predict(np.zeros((32, 32, 3), np.uint8)).judge_again()
    lent.close()
    models.lend("a", opener)
    assert [each.closed for each in opened] == [1, 0]
