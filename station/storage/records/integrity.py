"""Verification of all records, and removal of what a crash left behind."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from station.domain.digest import sha256_hex, sha256_of_file
from station.domain.errors import StationError
from station.domain.formatting import one_or_many
from station.domain.inspection import PartKey
from station.domain.names import few_of
from station.domain.recipe import ModelReference, Recipe, listed
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.engine.declared import Mapped
from station.storage.pictures.picture_store import PictureStore, is_temporary
from station.storage.recipes.serialisation import recipe_from_text
from station.storage.recipes.tables import RecipeRow
from station.storage.records.tables import PartRow, PartViewRow, PictureRow, RunRow

_Names = tuple[str | None, ...]
"""The names of the recorded views by their place in the recipe; None for a place without a record."""
_NAMED_PARTS = 10
FindModel = Callable[[ModelReference], object]
"""Finds the package that a recipe names; raises StationError if it is missing or changed."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between the station and its records.

    Attributes:
        severity: ERROR if a record cannot be trusted or is lost; INFORMATION needs no action.
        where: The file, run, part or recipe.
        sentence: The difference, for people.
        advice: The remedy; empty if only an earlier copy of the workspace helps.
    """

    severity: Severity
    where: str
    sentence: str
    advice: str = ""


def verify_records(database: Database, pictures: PictureStore, find_model: FindModel) -> tuple[Finding, ...]:
    """Compare the database, every picture, part, run and model with their records.

    A power cut can leave a picture without a row, or half a picture, of a part that was never acknowledged. That is
    information, not an error.

    Args:
        database: The records.
        pictures: The pictures of the parts.
        find_model: Called for each model of each recipe; the format of a package is not known here.
    """
    if damage := database.find_damage():
        return tuple(_error(str(database.path), f"the database is damaged: {line}") for line in damage)
    return (
        *_picture_findings(database, pictures),
        *_numbering_findings(database),
        *_verdict_findings(database),
        *_recipe_findings(database, find_model),
    )


def remove_leftovers(database: Database, pictures: PictureStore, run_id: int) -> tuple[str, ...]:
    """Remove the pictures of an ended run that a crash left half written or without a row.

    Returns:
        The removed files, relative to the pictures' folder.
    """
    statement = select(PictureRow.path).where(PictureRow.run_id == run_id)
    with database.reading() as connection:
        recorded = set(connection.execute(statement).scalars())
    left = [path for path in pictures.files_of_run(run_id) if path not in recorded]
    for path in left:
        (pictures.folder / path).unlink()
    return tuple(left)


def _error(where: str, sentence: str) -> Finding:
    return Finding(Severity.ERROR, where, sentence)


def _picture_findings(database: Database, pictures: PictureStore) -> Iterator[Finding]:
    there = tuple(pictures.all_files())  # before the rows: a running line may add more of both meanwhile
    statement = select(PictureRow.path, PictureRow.sha256)
    with database.reading() as connection:
        recorded = {row.path: row.sha256 for row in connection.execute(statement)}
    for path, sha256 in recorded.items():
        found = _sha256(pictures.folder / path)
        if found is None and _is_given_up(database, path):
            continue
        if found is None:
            yield _error(path, "the picture of a recorded part is missing")
        elif found != sha256:
            yield _error(path, "the picture of a recorded part was changed or damaged")
    for path in there:
        if path not in recorded:
            what = "was being written when the station was cut off" if is_temporary(path) else "belongs to no record"
            yield Finding(Severity.INFORMATION, path, f"this picture {what}")


def _is_given_up(database: Database, path: str) -> bool:
    """Return whether the station gave a picture up since its row was read: a line may run meanwhile."""
    with database.reading() as connection:
        return connection.execute(select(PictureRow.path).where(PictureRow.path == path)).first() is None


def _numbering_findings(database: Database) -> Iterator[Finding]:
    """Find gaps: the key forbids a number twice, so a gap means fewer parts than numbers from the first to the last."""
    last, parts = func.max(PartRow.number).label("last"), func.count().label("parts")
    numbers = (last - RunRow.first_number + 1).label("numbers")
    of_run = select(PartRow.run_id, last, parts, numbers).join(RunRow, RunRow.run_id == PartRow.run_id)
    statement = of_run.group_by(PartRow.run_id, RunRow.first_number).having(numbers != parts)
    with database.reading() as connection:
        for row in connection.execute(statement):
            lost = row.numbers - row.parts
            has = one_or_many(lost, "has", "have")
            yield _error(f"run {row.run_id}", f"{lost} of the parts up to {row.last} {has} no record")


def _verdict_findings(database: Database) -> Iterator[Finding]:
    """Find parts whose verdict is not the worst of their views, or that have no view."""
    said, worst = _severity(PartRow.verdict), func.max(_severity(PartViewRow.verdict))
    same_part = and_(PartViewRow.run_id == PartRow.run_id, PartViewRow.number == PartRow.number)
    statement = (
        select(PartRow.run_id, PartRow.number, PartRow.verdict, worst.label("worst"))
        .outerjoin(PartViewRow, same_part)
        .group_by(PartRow.run_id, PartRow.number, PartRow.verdict)
        .having(or_(worst.is_(None), worst != said))
    )
    with database.reading() as connection:
        for row in connection.execute(statement):
            where = f"part {PartKey(row.run_id, row.number).label} of run {row.run_id}"
            yield _error(where, f"it is {Verdict(row.verdict).word}, but {_worst_in_words(row.worst)}")


def _severity(verdict: Mapped[str]) -> ColumnElement[int]:
    return case({verdict.value: verdict.severity for verdict in Verdict}, value=verdict)


def _worst_in_words(worst: int | None) -> str:
    if worst is None:
        return "no view of it has a record"
    verdict = next(verdict for verdict in Verdict if verdict.severity == worst)
    return f"the worst of its views is {verdict.word}"


def _recipe_findings(database: Database, find_model: FindModel) -> Iterator[Finding]:
    with database.reading() as connection:
        recipes = connection.execute(select(RecipeRow).order_by(RecipeRow.name, RecipeRow.revision)).all()
        judged_by = select(RunRow.recipe_name, RunRow.recipe_revision, RunRow.recipe_sha256).distinct()
        used = {(row.recipe_name, row.recipe_revision): row.recipe_sha256 for row in connection.execute(judged_by)}
    for row in recipes:
        label = f"{row.name}@{row.revision}"
        if sha256_hex(row.content.encode()) != row.sha256:
            yield _error(label, "the recipe was changed after it was made")
        elif used.get((row.name, row.revision), row.sha256) != row.sha256:
            yield _error(label, "parts were judged by other content than this revision has")
        else:
            recipe = recipe_from_text(row.content, f"Recipe {label}")
            yield from _view_findings(database, recipe)
            yield from _model_findings(recipe, find_model)


def _view_findings(database: Database, recipe: Recipe) -> Iterator[Finding]:
    """Find parts whose recorded views differ from those of the recipe; equal ones of a run share one finding."""
    for (run_id, seen), numbers in _parts_with_other_views(database, recipe).items():
        apart = f"recorded with {_views_in_words(seen)}, but {recipe.label} sees {listed(recipe.view_names)}"
        yield _error(f"run {run_id}", f"{_parts_in_words(run_id, numbers)}: {apart}")


def _parts_with_other_views(database: Database, recipe: Recipe) -> Mapping[tuple[int, _Names], list[int]]:
    """Return part numbers by run and recorded views. The database selects them, so that few rows are read."""
    parts: dict[tuple[int, _Names], list[int]] = defaultdict(list)
    with database.reading() as connection:
        rows = connection.execute(_views_unlike(recipe))
        for (run_id, number), views in groupby(rows, key=lambda row: (row.run_id, row.number)):
            names = {view.view: view.name for view in views}
            parts[run_id, tuple(names.get(place) for place in range(max(names) + 1))].append(number)
    return parts


def _views_unlike(recipe: Recipe) -> Select[int, int, int, str]:
    """Select the views of those parts, in order. A part without any view has a finding of its own."""
    row = PartViewRow
    runs = select(RunRow.run_id).where(RunRow.recipe_name == recipe.name, RunRow.recipe_sha256 == recipe.sha256)
    right = or_(*(and_(row.view == place, row.name == name) for place, name in enumerate(recipe.view_names)))
    matching = func.sum(case((right, 1), else_=0))
    wanted = len(recipe.views)
    parts = select(row.run_id, row.number).where(row.run_id.in_(runs)).group_by(row.run_id, row.number)
    wrong = parts.having(or_(func.count() != wanted, matching != wanted))
    views = select(row.run_id, row.number, row.view, row.name).where(tuple_(row.run_id, row.number).in_(wrong))
    return views.order_by(row.run_id, row.number, row.view)


def _parts_in_words(run_id: int, numbers: Sequence[int]) -> str:
    labels = [PartKey(run_id, number).label for number in numbers]
    return f"part{'s' if len(numbers) > 1 else ''} {few_of(labels, _NAMED_PARTS)}"


def _views_in_words(seen: _Names) -> str:
    return ", ".join("none" if name is None else listed([name]) for name in seen)


def _model_findings(recipe: Recipe, find_model: FindModel) -> Iterator[Finding]:
    for model in dict.fromkeys(view.model for view in recipe.views):
        try:
            find_model(model)
        except StationError as error:
            yield Finding(Severity.ERROR, recipe.label, error.sentence, error.advice)


def _sha256(path: Path) -> str | None:
    """Return the digest of the file; None if it cannot be read."""
    try:
        return sha256_of_file(path)
    except OSError:
        return None
