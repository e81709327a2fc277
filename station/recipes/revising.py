"""A draft made from another revision: what is checked before it is kept, and before it may be released."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.recipe import InferenceSettings, Recipe, View, listed
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import CODE_REGION
from station.inference.model_package import ModelPackage, find_package
from station.inference.offered import require_offered


def changed(base: Recipe, changes: Iterable[ValueChange]) -> Recipe:
    """Return the recipe with other values.

    Raises:
        BadInputError: A value is out of its range, or does not go with the others.
    """
    recipe = base
    # The fail limit may pass the review limit of before: the review limit is set aside first, and set again last.
    ordered = sorted(changes, key=_turn)
    reviews = [change for change in ordered if change.value.key == "limits.review_threshold"]
    for change in reviews:
        recipe = change.value.set_in(recipe, change.view, None)
    for change in ordered:
        recipe = change.value.set_in(recipe, change.view, change.new)
    return recipe


def _turn(change: ValueChange) -> int:
    """Return 0 for a code region, without which no other value of the code can be set, and 2 for the review limit."""
    return {CODE_REGION: 0, "limits.review_threshold": 2}.get(change.value.key, 1)


def require_usable(recipe: Recipe, models: Path) -> None:
    """Do nothing if region and ignore mask of each view fit its pictures and its model.

    Raises:
        BadInputError: One does not, or a challenge part has its place in a view that the recipe does not have.
        ModelError: A model that judges with an ignore mask is missing or damaged.
    """
    for view in recipe.views:
        _require_inside(view.roi, view, "region of interest")
        _require_inside(view.code.region if view.code else None, view, "code region")
        if view.ignore is not None:
            _require_mask(view, view.ignore, models)
    for part in recipe.challenge.parts:
        if part.place is not None and part.place.view not in recipe.view_names:
            raise BadInputError(
                f"The challenge part '{part.name}' has its place in a view '{part.place.view}', which "
                f"{recipe.name} does not have.",
                f"It has {listed(recipe.view_names)}: write VIEW:x,y,width,height.",
            )


def require_taught(recipe: Recipe) -> None:
    """Do nothing if each view inspects the region that its model was taught on.

    Raises:
        BadInputError: One does not: its model would see every place at another size, and its limits would be wrong.
    """
    for view in recipe.views:
        if view.needs_teaching:
            which = f" of view '{view.name}'" if view.name else ""
            raise BadInputError(
                f"The region of interest{which} of {recipe.label} is not the one that its model was taught on.",
                "Teach again with this region, or set the region back.",
            )


def require_certified(recipe: Recipe, models: Path) -> None:
    """Do nothing if each model proves that the view's precision gives the verdicts of f32.

    Raises:
        BadInputError: One does not, or its package is missing or damaged.
    """
    for view in recipe.views:
        if view.inference != InferenceSettings():
            require_offered(find_package(models, view.model), view.inference)


def read_ignore_mask(path: Path) -> IgnoreMask:
    """Return the mask of a picture file: what is not black is ignored.

    Raises:
        BadInputError: It cannot be read, or is black or white as a whole.
    """
    painted = np.atleast_3d(read_picture(path).image)
    marked: NDArray[np.bool_] = (painted > 0).max(axis=2)
    try:
        return IgnoreMask.of(marked)
    except ValueError as error:
        raise BadInputError(
            f"{path} cannot be an ignore mask: {error}.", "Paint the places that are not judged."
        ) from error


def _require_inside(roi: RegionOfInterest | None, view: View, what: str) -> None:
    form = view.form
    if roi is None or form is None or not form.width:
        return
    if roi.x < 0 or roi.y < 0 or roi.x + roi.width > form.width or roi.y + roi.height > form.height:
        size = f"{form.width} x {form.height} pixels"
        raise BadInputError(f"The {what} is not inside the picture of {size}.", "Draw it inside.")


def _require_mask(view: View, mask: IgnoreMask, models: Path) -> None:
    form = view.form
    if form is not None and form.width and not mask.fits(form.height, form.width):
        drawn, taught = f"{mask.width} x {mask.height}", f"{form.width} x {form.height}"
        raise BadInputError(
            f"The ignore mask was drawn for {drawn} pixels, and the pictures have {taught}.",
            "Draw it on such a picture.",
        )
    if view.roi is not None and mask.covers(view.roi.box):
        raise BadInputError("The ignore mask covers the whole region of interest.", "Draw a smaller one.")
    package = find_package(models, view.model)
    if package.manifest.checks_whole_part:
        raise BadInputError(
            "The model also checks the look of the whole part, which an ignore mask cannot leave out.",
            "Teach without --whole-part to ignore a place.",
        )
    if package.manifest.members:
        raise BadInputError(
            "The model averages the scores of several methods over the whole region, which an ignore mask cannot leave "
            "out.",
            "Teach with one method to ignore a place.",
        )
    _require_effect(view, mask, package)


def _require_effect(view: View, mask: IgnoreMask, package: ModelPackage) -> None:
    from station.inference.opening import map_grid  # noqa: PLC0415 - half a second

    box = view.roi.box if view.roi else (0, 0, mask.width, mask.height)
    rows, columns = map_grid(package)
    if not mask.cells(box, (rows, columns)).any():
        raise BadInputError(
            f"The ignore mask covers no whole place of the model's map, each {box[2] / columns:.0f} x "
            f"{box[3] / rows:.0f} pixels, so it would change nothing.",
            "Draw it larger.",
        )
