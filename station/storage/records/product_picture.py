"""The newest stored picture of a product, to draw a region on or to recognise the product by."""

from sqlalchemy import and_, case, select

from station.domain.shift import StoredPicture
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.encoding import Role
from station.storage.records.tables import PartViewRow, PictureRow, RunRow


def newest_original(database: Database, recipe_name: str, view: str) -> StoredPicture | None:
    """Return the newest original that was kept of a view: of a part that passed, else of any; None if none was kept.

    Args:
        database: The records.
        recipe_name: The recipe that judged the part, in any revision.
        view: The name of the view.
    """
    same = and_(*(getattr(PictureRow, key) == getattr(PartViewRow, key) for key in ("run_id", "number", "view")))
    passed_first = case((PartViewRow.verdict == Verdict.PASS.value, 0), else_=1)
    newest = (
        select(PictureRow.path, PictureRow.sha256, PictureRow.size)
        .join(PartViewRow, same)
        .join(RunRow, RunRow.run_id == PictureRow.run_id)
        .where(RunRow.recipe_name == recipe_name, PartViewRow.name == view, PictureRow.role == Role.ORIGINAL.value)
        .order_by(passed_first, PictureRow.run_id.desc(), PictureRow.number.desc())
        .limit(1)
    )
    with database.reading() as connection:
        row = connection.execute(newest).first()
    return None if row is None else StoredPicture(*row)
