"""Which parts people have corrected, and what a draft makes of them beside the released revision."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.recipe import Recipe
from station.domain.tried_corrections import TriedCorrections, tried_corrections
from station.recipes.recipe_of_product import names_of
from station.storage.engine.database import Database
from station.storage.learning.compared_parts import ComparedParts, Pair
from station.storage.learning.part_labels import PartLabel, PartLabels
from station.storage.recipes.recipes import Recipes
from station.storage.records.feedback import FeedbackRecords


class CorrectedParts:
    """The corrected parts of all products, from what people said at the line and from the labels of the datasets."""

    def __init__(self, datasets_folder: Path, database: Database, recipes: Recipes) -> None:
        self._folder = datasets_folder
        self._recipes = recipes
        self._feedback = FeedbackRecords(database)
        self._labels = PartLabels(database)
        self._compared = ComparedParts(database)

    def wrong(self, draft: Recipe, champion: Recipe) -> tuple[PartKey, ...]:
        """Return the parts whose recorded verdict a person called wrong, in the order of the parts."""
        said = self._said(champion, self._labels_of(champion))
        seen = self._compared.of(_pair(draft, champion), tuple(said))
        return tuple(sorted(key for key, both in seen.items() if both.contradicts(good=said[key])))

    def tried(self, draft: Recipe, champion: Recipe) -> TriedCorrections:
        """Return what a draft and the released revision made of the parts that both have judged."""
        labels, pair = self._labels_of(champion), _pair(draft, champion)
        said = self._said(champion, labels)
        return tried_corrections(
            (champion.label, draft.label),
            said,
            self._compared.of(pair, tuple(said)),
            self._compared.counted(pair),
            frozenset(self._in_dataset(draft, labels)),
        )

    def _labels_of(self, recipe: Recipe) -> dict[str, tuple[PartLabel, ...]]:
        return {name: self._labels.of_parts(recipe.product, name) for name in recipe.view_names}

    def _said(self, recipe: Recipe, labels: dict[str, tuple[PartLabel, ...]]) -> dict[PartKey, bool]:
        """Return whether a part is good, of each part of which a person said it; the label of a picture goes first.

        A part is a defect if any of its views is labelled so, and good if all are.
        """
        words = self._feedback.last_words(names_of(self._recipes.entries(), recipe.product))
        said = {key: claim is Disposition.GOOD_PART for key, claim in words.items()}
        every = [each for of_view in labels.values() for each in of_view]
        good = Counter(each.key for each in every if each.label is Label.GOOD)
        said |= {key: True for key, views in good.items() if views == len(labels)}
        return said | {each.key: False for each in every if each.label is Label.DEFECT}

    def _in_dataset(self, draft: Recipe, labels: dict[str, tuple[PartLabel, ...]]) -> Iterator[PartKey]:
        for name, of_view in labels.items():
            known = self._pictures_of(draft, name)
            yield from (each.key for each in of_view if each.picture_sha256 in known)

    def _pictures_of(self, draft: Recipe, view: str) -> Collection[str]:
        """Return the SHA-256 of each picture of the version that a draft was taught from; none if it is not here."""
        from station.learning.manifest import read_manifest  # noqa: PLC0415 - not before a page asks

        version = draft.view(view).dataset_version if view in draft.view_names else ""
        try:
            pictures = read_manifest(self._folder / draft.product / version).pictures if version else ()
        except BadInputError:
            return ()
        return {each.sha256 for each in pictures}


def _pair(draft: Recipe, champion: Recipe) -> Pair:
    return Pair(champion.name, champion.revision, draft.revision)
