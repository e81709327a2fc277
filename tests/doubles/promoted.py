"""A promotion as its gate would have let it through."""

from station.domain.candidate import Gate
from station.domain.recipe import RecipeEntry, RecipeState, StateChange
from station.storage.engine.database import Database
from station.storage.learning.promotions import add_promotion
from station.storage.recipes.recipes import take_state


def promote(database: Database, candidate: tuple[str, int], gate: Gate, change: StateChange) -> RecipeEntry:
    """Release a candidate after revision 1, and record the figures of its gate, both or neither."""
    with database.writing() as connection:
        entry = take_state(connection, *candidate, RecipeState.RELEASED, change)
        add_promotion(connection, 1, candidate, gate, change)
    return entry
