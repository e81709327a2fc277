"""The life of a recipe's revision."""

import pytest

from station.domain.recipe import RecipeState


def test_that_the_states_follow_each_other_as_decided() -> None:
    assert {state.value: sorted(state.next_states) for state in RecipeState} == {
        "draft": ["released", "retired", "validated"],
        "validated": ["released", "retired"],
        "released": ["retired"],
        "retired": ["released"],
    }


@pytest.mark.parametrize("state", RecipeState)
def test_that_every_revision_can_be_released_in_the_end_and_none_becomes_a_draft_again(state: RecipeState) -> None:
    reachable: set[RecipeState] = set()
    for _ in RecipeState:
        reachable |= {after for before in (state, *reachable) for after in before.next_states}
    assert RecipeState.RELEASED in reachable
    assert RecipeState.DRAFT not in reachable
