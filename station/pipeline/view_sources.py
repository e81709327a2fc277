"""Which camera or folder each view of a recipe uses."""

from collections.abc import Mapping

from station.domain.errors import BadInputError
from station.domain.recipe import Recipe
from station.recipes.view_editing import view_mismatch
from station.settings import views_of_one_camera


def source_of_each_view(source: str | Mapping[str, str], recipe: Recipe) -> Mapping[str, str]:
    """Return the source of each view, by the name of the view. A recipe with one view may have one source without name.

    Raises:
        BadInputError: The views of the recipe are not those of the sources, or two views have the same source.
    """
    if isinstance(source, str) and len(recipe.views) == 1:
        return {recipe.views[0].name: source}
    sources = {"": source} if isinstance(source, str) else source
    if mismatch := view_mismatch(recipe, sources):
        raise BadInputError(
            mismatch,
            "Name the cameras as the recipe does: in station.toml under [camera.views], or as VIEW=SOURCE.",
            for_operator="This product is for other cameras. Choose another product, or call the engineer.",
        )
    if twice := views_of_one_camera(sources):
        raise BadInputError(
            f"The views '{twice[0]}' and '{twice[1]}' of recipe {recipe.label} have the same source: "
            f"{sources[twice[0]]}.",
            "Give each view a camera or a folder of its own.",
            for_operator="Two views of this product have the same camera. Call the engineer.",
        )
    return sources
