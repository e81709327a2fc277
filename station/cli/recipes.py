"""`linesidectl recipes`: list, show, diff, export, import, release, retire."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json, existing, person, recipe_and_revision
from station.cli.output import Results, in_words
from station.commands.recipes import ABSENT, fields_of
from station.domain.recipe import RecipeEntry, RecipeState

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare the family."""
    family = commands.add_parser("recipes", parents=[common], help="list, compare, move and release recipes")
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, common, "list", run_list, "every revision and its state", [])
    _verb(verbs, common, "show", run_show, "one revision in full", ["recipe"])
    _verb(verbs, common, "diff", run_diff, "what differs between two revisions", ["old", "new"])
    _verb(verbs, common, "export", run_export, "one file with recipe and models", ["recipe", "file"])
    _verb(verbs, common, "import", run_import, "take such a file in, as a draft", ["file"])
    for name, run, help_text in (
        ("release", run_release, "let the line judge by it"),
        ("retire", run_retire, "take it from the line"),
    ):
        verb = _verb(verbs, common, name, run, help_text, ["recipe"])
        verb.add_argument("--reason", required=True, help="why; it is recorded")


def _verb(
    verbs: "Commands", common: argparse.ArgumentParser, name: str, run: object, help_text: str, words: list[str]
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    for word in words:
        if word == "file":
            parser.add_argument("file", type=Path)
        else:
            parser.add_argument(word, metavar="NAME[@REV]")
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_list(asked: argparse.Namespace) -> int:
    """One line a revision."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        entries = station.recipes.entries()
        for entry in entries:
            results.line(_line(entry))
            results.record(_values(entry))
        if not entries:
            results.line("no recipe yet: linesidectl teach FOLDER --product NAME makes one")
    return 0


def run_show(asked: argparse.Namespace) -> int:
    """Every field of one revision."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        entry = _find(station, asked.recipe)
        for key, value in (fields_of(entry.recipe) | _life(entry)).items():
            results.line(f"{key}: {in_words(value)}")
        results.record(_values(entry))
    return 0


def run_diff(asked: argparse.Namespace) -> int:
    """One line a difference; 1 where there is one, as `diff` does. "-" is no such field; in JSON it is left away."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        old, new = _find(station, asked.old), _find(station, asked.new)
        differences = station.recipes.diff(old.recipe, new.recipe)
        for key, before, after in differences:
            results.line(f"{key}: {in_words(before)} -> {in_words(after)}")
            there = {"old": before, "new": after}
            results.record({"key": key} | {name: value for name, value in there.items() if value is not ABSENT})
    return 1 if differences else 0


def run_export(asked: argparse.Namespace) -> int:
    """Recipe and models in one file."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        entry = _find(station, asked.recipe)
        path = station.recipes.export(entry.recipe.name, entry.recipe.revision, asked.file)
        results.line(f"wrote {path}")
        results.record({"file": str(path), "recipe": entry.recipe.label})
    return 0


def run_import(asked: argparse.Namespace) -> int:
    """A new draft from such a file."""
    with Station.open(asked.workspace) as station, Results(asked.json) as results:
        _tell(results, station.recipes.import_(asked.file))
    return 0


def run_release(asked: argparse.Namespace) -> int:
    """From now on the line may judge by it."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        recipe = _find(station, asked.recipe).recipe
        before = station.recipes.find(recipe.name)
        _tell(results, station.recipes.release(recipe.name, recipe.revision, person(), asked.reason))
        if before.state is RecipeState.RELEASED:
            results.line(f"{before.recipe.label} is retired: replaced by {recipe.label}")
    return 0


def run_retire(asked: argparse.Namespace) -> int:
    """From now on the line may not judge by it."""
    with Station.open(existing(asked.workspace)) as station, Results(asked.json) as results:
        entry = _find(station, asked.recipe)
        _tell(results, station.recipes.retire(entry.recipe.name, entry.recipe.revision, person(), asked.reason))
    return 0


def _find(station: Station, text: str) -> RecipeEntry:
    return station.recipes.find(*recipe_and_revision(text))


def _tell(results: Results, entry: RecipeEntry) -> None:
    results.line(_line(entry))
    results.record(_values(entry))


def _line(entry: RecipeEntry) -> str:
    recipe, change = entry.recipe, entry.change
    made = f"{entry.created_at:%Y-%m-%d %H:%M}  {recipe.author}  {recipe.reason}".rstrip()
    since = f"  ({entry.state} {change.at:%Y-%m-%d %H:%M} by {change.person}: {change.reason})"
    return f"{recipe.label}  {entry.state}  {made}{since if change.at != entry.created_at else ''}"


def _values(entry: RecipeEntry) -> dict[str, object]:
    """The views as a list; the fields of the only view without a name stand beside the others."""
    recipe = entry.recipe
    return (fields_of(recipe) if recipe.view_names == ("",) else asdict(recipe)) | _life(entry)


def _life(entry: RecipeEntry) -> dict[str, object]:
    return {
        "state": entry.state.value,
        "created_at": entry.created_at.isoformat(),
        "state_since": entry.change.at.isoformat(),
        "state_by": entry.change.person,
        "state_reason": entry.change.reason,
        "sha256": entry.recipe.sha256,
    }
