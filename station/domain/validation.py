"""A labelled set judged by one revision of a recipe: what was expected, and what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from station.domain.rates import Rate
from station.domain.recipe import Recipe
from station.domain.verdict import Verdict

GOOD = "good"


@dataclass(frozen=True, slots=True)
class ValidatedPicture:
    """One picture of the set.

    Attributes:
        name: Its file, relative to the set.
        kind: Its label: "good", or the kind of its defect.
        verdict: What the revision says of it.
        pred_score: Its score; None if it was not inspected.
        sha256: Of its file; "" in a validation of an early version.
    """

    name: str
    kind: str
    verdict: Verdict
    pred_score: float | None
    sha256: str = ""

    @property
    def as_expected(self) -> bool:
        """Return whether a good part passed, or a defect was rejected or left for a person."""
        return self.verdict is Verdict.PASS if self.kind == GOOD else self.verdict.rejected


@dataclass(frozen=True, slots=True)
class FrozenSet:
    """A frozen dataset version whose every file was what it was when it was frozen.

    Attributes:
        product: The type of part.
        version: As people call it.
        sha256: Of its list of pictures with their labels and hashes.
    """

    product: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Validation:
    """The judgement of a labelled set by one view of a revision.

    Attributes:
        name, revision: The revision.
        view: Its view.
        folder: Where the set is.
        at: When it was judged, UTC.
        person: Who asked for it.
        pictures: All pictures of the set, in their order.
        recipe_sha256: Of the content of the revision; "" in a validation of an early version.
        frozen: The set, if it is a frozen dataset version; None for other folders, which may change afterwards.
    """

    name: str
    revision: int
    view: str
    folder: str
    at: datetime
    person: str
    pictures: tuple[ValidatedPicture, ...]
    recipe_sha256: str = ""
    frozen: FrozenSet | None = None

    @property
    def set_name(self) -> str:
        """Return the set for people: "version 5f3a..., frozen", or its folder."""
        return f"version {self.frozen.version}, frozen" if self.frozen else f"{self.folder}, not frozen"

    @property
    def escapes(self) -> Rate:
        """Return the defects that were not rejected."""
        return _not_expected([each for each in self.pictures if each.kind != GOOD])

    @property
    def overkill(self) -> Rate:
        """Return the good parts that did not pass."""
        return _not_expected([each for each in self.pictures if each.kind == GOOD])

    @property
    def differing(self) -> tuple[ValidatedPicture, ...]:
        """Return the pictures whose verdict is not the expected one."""
        return tuple(each for each in self.pictures if not each.as_expected)

    @property
    def words(self) -> str:
        """Return the result for people: "38 of 40 defects found, 1 of 120 good parts rejected"."""
        escapes, overkill = self.escapes, self.overkill
        found = f"{escapes.n - escapes.count} of {escapes.n} defects found" if escapes.n else "no defect in the set"
        passed = f"{overkill.count} of {overkill.n} good parts rejected" if overkill.n else "no good part in the set"
        return f"{found}, {passed}"


def why_unvalidated(recipe: Recipe, done: Mapping[str, Validation]) -> str:
    """Return why the validations of a revision do not speak for it, in a sentence; "" if they do.

    They do if the newest one of each view judged this very content on a frozen set of its product with defects, and
    let none pass.

    Args:
        recipe: The revision.
        done: Its newest validations by view.
    """
    for view in recipe.view_names:
        which = f" of view '{view}'" if view else ""
        validation = done.get(view)
        if validation is None or validation.recipe_sha256 != recipe.sha256:
            return f"{recipe.label}{which} was not validated."
        if validation.frozen is None:
            return f"{recipe.label}{which} was validated on a folder that may change, not on a frozen dataset version."
        if validation.frozen.product != recipe.product:
            return f"{recipe.label}{which} was validated on parts of '{validation.frozen.product}', another product."
        if validation.escapes.count or not validation.escapes.n:
            return f"The validation{which} of {recipe.label} says: {validation.words}."
    return ""


def _not_expected(pictures: Sequence[ValidatedPicture]) -> Rate:
    return Rate(sum(not each.as_expected for each in pictures), len(pictures))
