"""A line that runs for some parts, and a draft beside its released revision."""

from dataclasses import replace

from station.app import Station
from station.domain.recipe import Recipe, RecipeState


def run_line(station: Station, name: str, parts: int) -> None:
    """Run the line with the released revision until it has judged this many parts."""
    station.line.load_recipe(name)
    station.line.start(count=parts)
    assert station.line.wait_stopped(60)


def add_draft(station: Station, name: str = "plate", *, lax: bool = False) -> Recipe:
    """Add a draft like the released revision; a lax one passes every mark, because none is large enough."""
    old = station.recipes.find(name).recipe
    limits = replace(old.views[0].limits, min_area_px=10**7) if lax else old.views[0].limits
    view = replace(old.views[0], limits=limits)
    return station.recipes.add(replace(old, revision=2, views=(view,)), RecipeState.DRAFT).recipe
