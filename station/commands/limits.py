"""Commands for the limits of a recipe: what other limits would have made of scored pictures, and a draft with them."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from station.camera.pictures.reading import read_picture
from station.commands.records import RecordCommands
from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.limit_bench.scored_pictures import (
    DEFECT,
    GOOD,
    UNLABELLED,
    LabelledSet,
    LimitBench,
    ScoredPicture,
    SeenPicture,
)
from station.domain.part_images import level_within
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, View
from station.domain.verdict import Limits
from station.inference.model_package import find_package
from station.judgement.rejudge import rejudge, stored_result
from station.learning.manifest import read_manifest
from station.people.audit_trail import AuditTrail
from station.recipes.view_editing import view_named
from station.storage.learning.part_labels import PartLabels
from station.storage.learning.rescored_scores import RescoredScores
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.storage.records.scores import ScoreRecords, ViewSought
from station.vision.preprocess import eight_bit, pyramid
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.learning.progress import OnProgress, Wanted

_LABELS = {Label.GOOD: GOOD, Label.DEFECT: DEFECT}
_SIDE_PX = 320
"""Of a picture to look at."""


class LimitCommands:
    """Reading is open to everybody; scoring and saving ask the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        recipes: Recipes,
        inspections: Inspections,
        scores: tuple[ScoreRecords, RescoredScores],
        records: RecordCommands,
        labels: PartLabels,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._recipes = recipes
        self._inspections = inspections
        self._scores, self._rescored = scores
        self._records = records
        self._labels = labels

    def bench(
        self,
        name: str,
        revision: int | None = None,
        *,
        view: str | None = None,
        shifts: int = 5,
        version: str | None = None,
    ) -> LimitBench:
        """Return everything that the limits of one view can be chosen from. It reads no picture.

        Parts of production count if the same model judged them with the same region of interest, whatever the
        revision and its limits were, on the line or in a re-score; of each at most the newest 100,000.

        Args:
            name: The recipe.
            revision: Any revision; if not given, the released one, else the newest draft.
            view: Which of its views; may be left out if there is only one.
            shifts: How many of the last shifts with parts.
            version: The dataset version with the labels; if not given, the one that the view was taught from, else the
                newest of the product.

        Raises:
            BadInputError: There is no such recipe, view or dataset version, or the version is damaged.
            ModelError: The model package is missing or damaged.
        """
        recipe = self._recipes.find_revision(name, revision).recipe
        seen = view_named(recipe, view)
        versions = self._versions(recipe, seen)
        chosen = _chosen(version, seen, versions)
        revisions, since = self._with_same_model(seen), self._records.shifts()[:shifts][-1].start
        sought = ViewSought(seen.name, seen.limits.pixel_threshold, only=len(recipe.views) == 1)
        line = self._scores.of_line(revisions, sought, since)
        line = line.with_rescored(self._rescored.of_line(revisions, sought, since))
        pictures = line.pictures.labelled(self._labels_of_parts(recipe, seen, chosen))
        labelled = self._labelled(recipe, seen, chosen)
        return LimitBench(recipe, seen, labelled, replace(line, pictures=pictures), versions)

    def score_labelled(self, bench: LimitBench, progress: "OnProgress", wanted: "Wanted") -> LabelledSet:
        """Score the labelled pictures that wait, at low priority, and return the set with them.

        Args:
            bench: What `bench` returned.
            progress: Called after each picture, on this thread.
            wanted: Asked after each picture; the scores that are there are kept if they are no longer wanted.

        Raises:
            PermissionRefusedError: This role may not evaluate.
            BadInputError: A picture does not fit the view, or the dataset version is damaged.
            FaultError: The model failed.
        """
        self._authority.authorise(Permission.EVALUATE)
        from station.learning.labelled_scores import score_labelled  # noqa: PLC0415 - loads OpenVINO

        folder, view = self._folder(bench.recipe, bench.labelled.version), bench.view
        package = find_package(self._workspace.models, view.model)
        score_labelled(folder, view, package, self._workspace.cache, progress, wanted)
        return self._labelled(bench.recipe, view, bench.labelled.version)

    def picture(self, bench: LimitBench, picture: ScoredPicture, limits: Limits) -> SeenPicture:
        """Return a scored picture; a part is judged by these limits from its stored map, as on the line.

        Raises:
            BadInputError: There is no such part or picture.
            StorageError: Its files are missing or changed.
        """
        if picture.key is not None:
            return self._of_part(picture.key, bench.view, limits)
        path = self._folder(bench.recipe, bench.labelled.version) / picture.name
        return SeenPicture(_small(path), None)

    def save_draft(self, bench: LimitBench, limits: Limits, reason: str, person: str = "") -> RecipeEntry:
        """Make the next revision, a draft that differs from the shown one by these limits. The line is not touched.

        Args:
            bench: What the limits were chosen on.
            limits: Those of its view.
            reason: Why.
            person: Who; if not given, the role and the page.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: No reason is given, or the limits are those of the revision.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        recipe, view = bench.recipe, bench.view
        require_said(f"the new limits of {recipe.label}", reason=reason)
        if limits == view.limits:
            raise BadInputError(f"These are the limits of {recipe.label}.", "Move a limit first; nothing was saved.")
        with self._audit.together():
            draft = replace(
                recipe.with_view(replace(view, limits=limits)),
                revision=self._recipes.next_revision(recipe.name),
                author=self._authority.signed(person),
                reason=reason.strip(),
            )
            entry = self._recipes.add_revision(draft, RecipeState.DRAFT, utc_now())
            old, new = f"{recipe.label}: {_in_words(view.limits)}", f"{draft.label}: {_in_words(limits)}"
            self._audit.record(AuditAction.LIMITS_CHANGED, draft.label, old, new, reason, person=draft.author)
            return entry

    def _with_same_model(self, view: View) -> list[tuple[str, int]]:
        """Return the revisions whose view of this name gives the same scores."""
        return [
            (entry.recipe.name, entry.recipe.revision)
            for entry in self._recipes.entries()
            for each in entry.recipe.views
            if each.scoring == view.scoring
        ]

    def _versions(self, recipe: Recipe, view: View) -> tuple[str, ...]:
        from station.learning.labelled_scores import dataset_versions  # noqa: PLC0415 - loads OpenVINO

        others = self._labels.versions_of_others(recipe.product, view.name)
        others |= {each.dataset_version for each in recipe.views if each.name != view.name}
        found = dataset_versions(self._workspace.datasets / recipe.product)
        return tuple(version for version in found if version not in others)

    def _labels_of_parts(self, recipe: Recipe, view: View, version: str) -> dict[PartKey, int]:
        """Return the labels that people gave to parts in the dataset.

        Those in the dataset version are counted there, and are unlabelled here: no defect counts twice.
        """
        folder = self._folder(recipe, version)
        counted = {entry.sha256 for entry in read_manifest(folder).pictures} if version else frozenset()
        return {
            each.key: UNLABELLED if each.picture_sha256 in counted else _LABELS[each.label]
            for each in self._labels.of_parts(recipe.product, view.name)
        }

    def _labelled(self, recipe: Recipe, view: View, version: str) -> LabelledSet:
        if not version:
            return LabelledSet()
        from station.learning.labelled_scores import labelled_set  # noqa: PLC0415 - loads OpenVINO

        package = find_package(self._workspace.models, view.model)
        return labelled_set(self._folder(recipe, version), view, package, self._workspace.cache)

    def _folder(self, recipe: Recipe, version: str) -> Path:
        return self._workspace.datasets / recipe.product / version

    def _of_part(self, key: PartKey, view: View, limits: Limits) -> SeenPicture:
        record, pictures = self._inspections.find_part(key), self._inspections.pictures
        place = record.view_names.index(view.name)
        inspection, files = record.inspection.views[place], record.views[place]
        image = pictures.read_picture(files.thumbnail) if files.thumbnail else None
        run = self._inspections.find_run(key.run_id)
        judged_by = self._recipes.find_revision(run.recipe_name, run.recipe_revision).recipe.view(view.name)
        if files.anomaly_map is None or judged_by.scoring != view.scoring:  # a re-score keeps no map
            return SeenPicture(image, None)
        levels = () if image is None else (image,)
        stored = stored_result(inspection, view, pictures.read_map(files.anomaly_map), levels)
        return SeenPicture(image, rejudge(stored, limits))


def _in_words(limits: Limits) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(limits).items())


def _chosen(version: str | None, view: View, versions: tuple[str, ...]) -> str:
    """Return the dataset version to measure with; "" if there is none.

    Raises:
        BadInputError: The one that was asked for does not exist.
    """
    if version is not None and version not in versions:
        raise BadInputError(f"There is no dataset version '{version}' of this product.", "Choose one of the list.")
    if version is None and view.dataset_version in versions:
        return view.dataset_version
    return version or (versions[0] if versions else "")


def _small(path: Path) -> Image:
    read = read_picture(path)
    levels = pyramid(eight_bit(read.image, read.significant_bits or 8 * read.image.dtype.itemsize))
    small = level_within(levels, _SIDE_PX)
    assert small is not None
    return small
