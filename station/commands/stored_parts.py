"""Parts as they were, read from the disk: the pictures that were kept, judged as the recipe of then says."""

from dataclasses import replace

from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.inspection import PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, ViewResult, is_reduced
from station.domain.recipe import Recipe
from station.domain.shift import PartRecord, StoredPicture, ViewPictures
from station.judgement.rejudge import stored_result
from station.storage.pictures.encoding import decode_original
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.vision.preprocess import eight_bit


class StoredParts:
    """Reads only. Safe from any thread."""

    def __init__(self, inspections: Inspections, recipes: Recipes) -> None:
        self._inspections, self._recipes = inspections, recipes

    def of(self, record: PartRecord) -> PartResult:
        """Return a part with its pictures.

        Raises:
            StorageError: A picture is missing or changed.
        """
        recipe = self._recipe_of(record.inspection.key)
        seen = zip(record.inspection.views, record.views, strict=True)
        return PartViews(record.inspection, tuple(self._view(recipe, inspection, files) for inspection, files in seen))

    def larger_than(self, recent: PartResult) -> PartResult | None:
        """Return a recorded part whose pictures are larger on the disk than in memory; None if they are not.

        Raises:
            StorageError: A picture is missing or changed.
        """
        if not any(is_reduced(view) for view in recent.views):
            return None
        try:
            record = self._inspections.find_part(recent.inspection.key)
        except BadInputError:  # it still waits for its record
            return None
        return self.of(record) if any(files.original for files in record.views) else None

    def thumbnail(self, record: PartRecord) -> Image | None:
        """Return the small picture of the view that decided, else of the first that has one; None if none has."""
        stored = (pictures.thumbnail for pictures in (record.deciding, *record.views))
        return self._small(next((thumbnail for thumbnail in stored if thumbnail), None))

    def _view(self, recipe: Recipe, inspection: ViewInspection, files: ViewPictures) -> ViewResult:
        view, pictures = recipe.view(inspection.name), self._inspections.pictures
        if files.original:
            picture: Image | None = _original(pictures.read_bytes(files.original), files.original.path)
        else:
            picture = self._small(files.thumbnail)
        anomaly_map = pictures.read_map(files.anomaly_map) if files.anomaly_map else None
        result = stored_result(inspection, view, anomaly_map, () if picture is None else (picture,))
        return replace(result, why_given_up=files.why_given_up)

    def _small(self, thumbnail: StoredPicture | None) -> Image | None:
        return self._inspections.pictures.read_picture(thumbnail) if thumbnail else None

    def _recipe_of(self, key: PartKey) -> Recipe:
        run = self._inspections.find_run(key.run_id)
        return self._recipes.find_revision(run.recipe_name, run.recipe_revision).recipe


def _original(content: bytes, name: str) -> Image:
    """Return the pixels of an original with 8 bits; the file that a part came from is read as it was then."""
    from station.camera.pictures.reading import decode_picture  # noqa: PLC0415 - loaded with the first stored part

    if ours := decode_original(content):
        return eight_bit(*ours)
    return decode_picture(content, name).image
