"""Parts of trials: they are recorded, and never counted in a shift."""

from sqlalchemy import func, select

from station.domain.inspection import RunKind
from station.storage.engine.database import Database
from station.storage.records.tables import PartRow, RunRow


def count_trials(database: Database, name: str, revision: int) -> int:
    """Return how many parts a revision of a recipe has judged as a trial."""
    runs = select(RunRow.run_id).where(
        RunRow.recipe_name == name, RunRow.recipe_revision == revision, RunRow.kind == RunKind.TRIAL.value
    )
    with database.reading() as connection:
        return connection.execute(select(func.count()).where(PartRow.run_id.in_(runs))).scalar_one()
