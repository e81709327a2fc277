"""A recipe as text and back: the same canonical JSON that its hash is taken over."""

import json
from dataclasses import asdict
from typing import Any

from station.domain.errors import BadInputError
from station.domain.recipe import InferenceSettings, ModelReference, QualityLimits, Recipe, RegionOfInterest
from station.domain.verdict import Limits


def recipe_to_text(recipe: Recipe) -> str:
    """Canonical JSON; its SHA-256 is `recipe.sha256`."""
    return json.dumps(asdict(recipe), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def recipe_from_text(text: str | bytes, name: str) -> Recipe:
    """The recipe that was written.

    Args:
        text: Canonical JSON, UTF-8 where bytes.
        name: Where the text is from, for the sentence.

    Raises:
        BadInputError: The text is no recipe, or one with a limit out of range.
    """
    try:
        return _recipe(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{name} holds no recipe: {error}.", "Export the recipe again.") from error


def _recipe(fields: dict[str, Any]) -> Recipe:
    roi = fields["roi"]
    parts = {
        "model": ModelReference(**fields["model"]),
        "limits": Limits(**fields["limits"]),
        "roi": None if roi is None else RegionOfInterest(**roi),
        "quality": QualityLimits(**fields["quality"]),
        "inference": InferenceSettings(**fields["inference"]),
    }
    return Recipe(**{**fields, **parts})
