"""Parts are shown by lot, the same after a restart, and none of them soon again."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from studied import study_of

from station.domain.study.order import next_task, order_of


@given(seed=st.integers(0, 2**32), appraiser=st.integers(1, 20), parts=st.integers(1, 60), trials=st.integers(1, 5))
def test_that_every_part_is_asked_for_once_in_each_trial_and_not_soon_again(
    seed: int, appraiser: int, parts: int, trials: int
) -> None:
    asked = order_of(seed, appraiser, parts, trials)
    assert sorted(asked) == [(trial, part) for trial in range(1, trials + 1) for part in range(1, parts + 1)]
    assert [trial for trial, _ in asked] == sorted(trial for trial, _ in asked)
    assert asked == order_of(seed, appraiser, parts, trials)
    places: dict[int, list[int]] = {}
    for place, (_, part) in enumerate(asked):
        places.setdefault(part, []).append(place)
    for of_one in places.values():
        assert all(2 * (later - earlier) >= parts for earlier, later in pairwise(of_one))


def test_that_appraisers_trials_and_seeds_have_different_orders() -> None:
    orders = [
        tuple(part for each, part in order_of(seed, appraiser, 20, 2) if each == trial)
        for seed in (1, 2)
        for appraiser in (1, 2)
        for trial in (1, 2)
    ]
    assert len(set(orders)) == len(orders)


def test_that_first_places_are_given_by_lot() -> None:
    first = [order_of(seed, 1, 10, 1)[0][1] for seed in range(2000)]
    assert all(140 < first.count(part) < 260 for part in range(1, 11))


def test_that_the_next_task_is_the_first_without_an_answer() -> None:
    study = study_of("gdgd", trials=2)
    appraiser = study.appraisers[0]
    asked = order_of(study.seed, appraiser.number, 4, 2)
    task = next_task(study, appraiser, asked[:5])
    assert task is not None
    assert (task.trial, task.part, task.position, task.of) == (*asked[5], 6, 8)
    assert task.item_id == study.part(task.part).item_id
    assert next_task(study, appraiser, asked) is None


def test_that_a_task_says_nothing_of_reference_and_former_answers() -> None:
    task = next_task(study_of("d"), study_of("d").appraisers[0], [])
    assert set(type(task).__slots__) == {"study", "appraiser", "trial", "part", "position", "of", "item_id"}
