"""`linesidectl teach`: from a folder of pictures to a recipe, and how good it is."""

import argparse
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli import teach_place
from station.cli.arguments import add_json, person
from station.cli.figures import sentences_of
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.inspected_place import InspectedPlace
from station.domain.part_location import PartLocation
from station.domain.picture_form import Colour
from station.domain.recipe import Recipe, View
from station.inference.members import cost_of
from station.learning.presets import METHODS, UseOfDefects, method_named, require_teachable, with_whole_part
from station.recipes.view_editing import view_mismatch
from station.workspace import default_workspace

_WHITE, _VERY_DARK = 255, 20
"""Grey values; the limit of brightness lies half-way between the brightest picture and white."""

if TYPE_CHECKING:
    from station.commands.learning import TeachResult


def add_to(teach: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    teach.add_argument("folder", type=Path, help="folders such as OK and NG, or only good parts")
    teach.add_argument("--product", required=True, metavar="NAME", help="the product, and the recipe's name")
    teach.add_argument(
        "--view",
        default="",
        metavar="VIEW",
        help="which camera took them, as [camera.views] in station.toml names it",
    )
    teach.add_argument(
        "--model",
        default="balanced",
        metavar="NAME",
        help=f"the method (default: balanced): {', '.join(METHODS)}, or one of a plug-in; "
        "several, joined by +, judge together by the mean of their scores",
    )
    teach.add_argument(
        "--limit-from",
        choices=("good", "labels"),
        default="good",
        help="set the limit from good parts alone, or from labelled defects too",
    )
    teach.add_argument(
        "--with-defects",
        action="store_true",
        help="learn from the labelled defects too; each is measured by a model made without it",
    )
    teach.add_argument(
        "--whole-part",
        action="store_true",
        help="check the look of the whole part as well: it can reject a part without a mark",
    )
    teach_place.add_to(teach)
    add_json(teach)
    teach.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Teach, then print how good the recipe is, and that it waits for its release."""
    with (
        Station.open(asked.workspace, authority=asked.authority) as station,
        Results(asked.json) as results,
        progress_bars() as on_progress,
    ):
        use = UseOfDefects(asked.limit_from, asked.with_defects)
        method = with_whole_part(method_named(asked.model), wanted=asked.whole_part)
        require_teachable(method, use, station.workspace.backbones)
        reading = station.learning.read_to_teach(asked.folder, asked.product, view=asked.view, use=use)
        for line in reading.sentences():
            results.line(line)
        if asked.with_defects:
            results.line("defects are learned too; each is measured by a model made without it")
        if asked.whole_part:
            results.line("the whole part is checked too: it can reject a part without a mark")
        taught_place = teach_place.place_of(asked, station.learning.place_of(asked.product, asked.view))
        taught = station.learning.teach(
            reading,
            asked.product,
            view=asked.view,
            model=method,
            use=use,
            place=taught_place,
            author=person(),
            progress=on_progress,
        )
        recipe = taught.entry.recipe
        seen = recipe.view(asked.view)
        if place := InspectedPlace.of(seen).words:
            results.line(f"taught on: {place}")
        if apart := view_mismatch(recipe, station.settings.camera.sources):
            apart += " The line can use it when both are the same."
        known, members = form_sentences(seen), station.recipes.manifest(seen).members
        for sentence in (
            *known,
            *sentences_of(taught.evaluation),
            cost_of(members),
            taught.caution,
            apart,
            *_next_step(recipe, asked.workspace),
        ):
            if sentence:
                results.line(sentence)
        joined = {"members": [member.model_dump() for member in members]} if members else {}
        how = {"reading": reading.as_json(), "whole_part": asked.whole_part}
        results.record({**how, **_values(taught, seen), **joined})
    return 0


def _next_step(recipe: Recipe, workspace: Path) -> tuple[str, str]:
    elsewhere = "" if workspace == default_workspace() else f" --workspace {shlex.quote(str(workspace))}"
    return (
        f"recipe {recipe.label} is a draft: the line does not use it until a person releases it",
        f"Next: linesidectl recipes release {shlex.quote(recipe.label)} --reason WHY{elsewhere}",
    )


def _location_values(location: PartLocation) -> dict[str, float]:
    return {**asdict(location.search), "min_likeness": location.min_likeness}


def _values(taught: "TeachResult", view: View) -> dict[str, object]:
    recipe = taught.entry.recipe
    return {
        **taught.evaluation.as_json(),
        "recipe": recipe.name,
        "revision": recipe.revision,
        **({"view": view.name, "views": list(recipe.view_names)} if view.name else {}),
        "state": taught.entry.state.value,
        "model_sha256": view.model.sha256,
        "dataset_version": view.dataset_version,
        "picture_form": asdict(view.form) if view.form else None,
        "location": _location_values(view.location) if view.location else None,
        "caution": taught.caution,
    }


def form_sentences(view: View) -> Iterator[str]:
    """Yield what the pictures of a teaching have in common, and what was taken for granted about them."""
    form = view.form
    if form is None:
        return
    yield f"pictures: {form.words}"
    if form.bits < form.stored_bits:
        yield f"white is {(1 << form.bits) - 1} of {form.bits} bits; a picture with a larger value is not inspected"
    if form.stored_bits > 8 and 2 * view.quality.max_brightness - _WHITE < _VERY_DARK:
        yield (
            f"even the brightest picture is nearly black if {(1 << form.bits) - 1} is white: "
            "look for single bright pixels (dead pixels, burnt-in text) that hide how many bits are used"
        )
    if form.colour is Colour.EITHER:
        yield "grey and colour differ too little to notice a camera that changes from one to the other"
    if not form.width:
        yield "the pictures differ in size, so a camera that changes its size is not noticed"
