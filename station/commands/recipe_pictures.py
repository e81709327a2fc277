"""A picture of a product, for the pages on which regions are drawn."""

from contextlib import suppress
from pathlib import Path

from station.camera.pictures.reading import decode_picture, read_picture
from station.domain.errors import BadInputError, StorageError
from station.domain.frame import Image
from station.domain.recipe import Recipe
from station.learning.labels import GOOD
from station.learning.manifest import read_manifest
from station.storage.engine.database import Database
from station.storage.pictures.encoding import decode_original
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.product_picture import newest_original
from station.vision.preprocess import eight_bit


class RecipePictures:
    """Finds a picture among those that a view was taught from, else among the records."""

    def __init__(self, datasets: Path, database: Database, pictures: PictureStore) -> None:
        self._datasets = datasets
        self._database = database
        self._pictures = pictures

    def find(self, recipe: Recipe, view: str) -> Image | None:
        """Return a picture of a view, uint8, (H, W) or (H, W, 3) RGB; None if none is on this station."""
        with suppress(BadInputError):
            if (taught := self._taught(recipe, view)) is not None:
                return taught
        with suppress(StorageError):
            return self._recorded(recipe.name, view)
        return None

    def _taught(self, recipe: Recipe, view: str) -> Image | None:
        folder = self._datasets / recipe.product / recipe.view(view).dataset_version
        good = next((each.name for each in read_manifest(folder).pictures if each.kind == GOOD), None)
        if good is None:
            return None
        read = read_picture(folder / good)
        return eight_bit(read.image, read.significant_bits)

    def _recorded(self, name: str, view: str) -> Image | None:
        stored = newest_original(self._database, name, view)
        if stored is None:
            return None
        content = self._pictures.read_bytes(stored)
        if ours := decode_original(content):
            return eight_bit(*ours)
        return decode_picture(content, stored.path).image
