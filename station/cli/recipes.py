"""`linesidectl recipes`: list, show, diff, set, validate, export, import, release, roll back, retire."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import (
    add_json,
    existing_workspace,
    person,
    recipe_and_revision,
    station_arguments,
    station_to_read,
)
from station.cli.figures import rates_in_words
from station.cli.output import Results, in_words
from station.cli.recipe_validation import add_validate, add_validations, run_validate, run_validations
from station.cli.signing import add_signing, signature_lines, signed_by
from station.domain.errors import BadInputError, ModelError
from station.domain.formatting import shortened
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, TakesEffect
from station.domain.recipe_changes import value_changes
from station.domain.signature import said_of_release
from station.inference.members import cost_of
from station.recipes.differences import ABSENT, fields_of

_MOST_LETTERS = 200

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, common, "list", run_list, "every revision and its state", [])
    _verb(verbs, common, "show", run_show, "one revision in full", ["recipe"])
    _verb(verbs, common, "diff", run_diff, "what differs between two revisions", ["old", "new"])
    setting = _verb(verbs, common, "set", run_set, "a new draft with one value changed", ["recipe"])
    setting.add_argument("key", metavar="KEY", help="such as limits.image_threshold, roi or ignore")
    setting.add_argument("value", metavar="VALUE", help="what it becomes; 'none' switches some off")
    setting.add_argument("--reason", required=True, help="why; it is recorded")
    add_validate(_verb(verbs, common, "validate", run_validate, "judge a labelled set by it", ["recipe"]))
    words = "what its validations found, and each picture"
    add_validations(_verb(verbs, common, "validations", run_validations, words, ["recipe"]))
    _verb(verbs, common, "export", run_export, "one file with recipe and models", ["recipe", "file"])
    importing = _verb(verbs, common, "import", run_import, "import such a file as a draft", ["file"])
    words = "believe an unknown signer, or a file that is not signed, with this fingerprint; it is recorded"
    importing.add_argument("--trust", metavar="FINGERPRINT", default="", help=words)
    for name, run, help_text in (
        ("release", run_release, "use it on the line"),
        ("rollback", run_rollback, "release a new revision that equals the one released before"),
        ("retire", run_retire, "take it off the line"),
    ):
        verb = _verb(verbs, common, name, run, help_text, ["recipe"])
        verb.add_argument("--reason", required=True, help="why; it is recorded")
        add_signing(verb)
        if run is not run_retire:
            words = "why it is released without a validation, where the settings ask for one; it is recorded"
            verb.add_argument("--unvalidated", metavar="WHY", default="", help=words)
            verb.add_argument(
                "--when",
                type=TakesEffect,
                choices=list(TakesEffect),
                default=TakesEffect.NEXT_START,
                help="when a line that runs uses it: now, from the next part on; or after its next start (default)",
            )


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
    """Print one line for each revision."""
    with (
        station_to_read(asked) as station,
        Results(asked.json) as results,
    ):
        entries = station.recipes.entries()
        for entry in entries:
            results.line(_line(entry))
            results.record(_values(entry))
        if not entries:
            results.line("no recipe yet; make one with: linesidectl teach FOLDER --product NAME")
    return 0


def run_show(asked: argparse.Namespace) -> int:
    """Print every field of one revision."""
    with (
        station_to_read(asked) as station,
        Results(asked.json) as results,
    ):
        entry = _find(station, asked.recipe)
        for key, value in (fields_of(entry.recipe) | _life(entry)).items():
            results.line(f"{key}: {_short(value)}")
        models = list(_models(station, entry.recipe))
        for view, _, lines in models:
            for line in lines:
                results.line(f"{view}: {line}" if view else line)
        for line in signature_lines(station, entry.recipe):
            results.line(line)
        known = [{"view": view, **values} for view, values, _ in models]
        results.record(_values(entry) | {"models": known, "signatures": _signatures(station, entry.recipe)})
    return 0


def run_diff(asked: argparse.Namespace) -> int:
    """Print one line for each difference; return 1 if there are any, as `diff` does.

    "-" means that a revision does not have the field; in JSON it is left out.
    """
    with (
        station_to_read(asked) as station,
        Results(asked.json) as results,
    ):
        old, new = _find(station, asked.old), _find(station, asked.new)
        differences = station.recipes.diff(old.recipe, new.recipe)
        for key, before, after in differences:
            results.line(f"{key}: {_short(before)} -> {_short(after)}")
            there = {"old": before, "new": after}
            results.record({"key": key} | {name: value for name, value in there.items() if value is not ABSENT})
    return 1 if differences else 0


def run_set(asked: argparse.Namespace) -> int:
    """Make a draft with one value changed."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        name, revision = recipe_and_revision(asked.recipe)
        base = station.recipes.find(name, revision).recipe
        entry = station.recipes.set_value(name, base.revision, asked.key, asked.value, person(), asked.reason)
        _report(results, entry)
        for change in value_changes(base, entry.recipe):
            results.line(f"{change.words}; it takes effect {change.value.effect}")
        if any(view.needs_teaching for view in entry.recipe.views):
            results.line("it cannot be released before it is taught again with this region")
    return 0


def run_export(asked: argparse.Namespace) -> int:
    """Write recipe and models into one file."""
    with (
        station_to_read(asked) as station,
        Results(asked.json) as results,
    ):
        entry = _find(station, asked.recipe)
        written = station.exchange.export(entry.recipe.name, entry.recipe.revision, asked.file)
        results.line(f"wrote {written.path}")
        if written.unsigned:
            results.line(written.unsigned)
        fingerprint = written.signer.fingerprint if written.signer else None
        results.record({"file": str(written.path), "recipe": entry.recipe.label, "fingerprint": fingerprint})
    return 0


def run_import(asked: argparse.Namespace) -> int:
    """Make a new draft from such a file."""
    with Station.open(asked.workspace, authority=asked.authority) as station, Results(asked.json) as results:
        _report(results, station.exchange.import_(asked.file, asked.trust, person()))
    return 0


def run_release(asked: argparse.Namespace) -> int:
    """Allow the line to use a revision."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        recipe = _find(station, asked.recipe).recipe
        before, by = station.recipes.find(recipe.name), signed_by(station, asked)
        entry = station.recipes.release(recipe.name, recipe.revision, by.person, asked.reason, asked.when, by.consent)
        _report(results, entry)
        for line in _known_rates(station, recipe):
            results.line(line)
        _say_effect(results, before, entry, asked.when)
    return 0


def run_rollback(asked: argparse.Namespace) -> int:
    """Release a new revision that equals the one that was released before the present one."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        name, revision = recipe_and_revision(asked.recipe)
        before = station.recipes.find(name)
        if revision is not None and revision != before.recipe.revision:
            raise BadInputError(
                f"{asked.recipe} is not the revision in use, which is {before.recipe.label}.",
                f"Write 'rollback {name}', or choose a revision yourself: 'release {name}@REV'.",
            )
        by = signed_by(station, asked)
        entry = station.recipes.roll_back(name, by.person, asked.reason, asked.when, by.consent)
        _report(results, entry)
        _say_effect(results, before, entry, asked.when)
    return 0


def _say_effect(results: Results, before: RecipeEntry, entry: RecipeEntry, when: TakesEffect) -> None:
    now = entry.recipe
    if entry.state is not RecipeState.RELEASED:
        results.line(said_of_release(entry, now.label))
        return
    if before.state is RecipeState.RELEASED:
        results.line(f"{before.recipe.label} is retired: replaced by {now.label}")
    at_once = when is TakesEffect.NOW
    results.line(f"a line that runs uses {now.label} {'from the next part on' if at_once else 'after its next start'}")


def run_retire(asked: argparse.Namespace) -> int:
    """Forbid the line to use a revision."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        entry = _find(station, asked.recipe)
        recipe, by = entry.recipe, signed_by(station, asked)
        _report(results, station.recipes.retire(recipe.name, recipe.revision, by.person, asked.reason, by.consent))
    return 0


def _signatures(station: Station, recipe: Recipe) -> list[dict[str, object]]:
    signing = station.recipes.signing(recipe)
    return [
        {
            "meaning": each.meaning.value, "person": each.person, "roles": each.roles, "known_by": each.known_by,
            "reason": each.reason, "at": each.at.isoformat(), "sha256": each.sha256, "waits": each in signing.waiting,
        }
        for each in signing.all
    ]  # fmt: skip


def _models(station: Station, recipe: Recipe) -> Iterator[tuple[str, dict[str, object], list[str]]]:
    """Yield the name of each view, what its model is, and the same in lines."""
    for view in recipe.views:
        try:
            manifest = station.recipes.manifest(view)
        except ModelError as error:
            yield view.name, {"method": None, "members": []}, [f"method: not known: {error.sentence}"]
            continue
        members = [member.model_dump() for member in manifest.members]
        lines = [f"method: {manifest.method}", cost_of(manifest.members)]
        yield view.name, {"method": manifest.method, "members": members}, [line for line in lines if line]


def _known_rates(station: Station, recipe: Recipe) -> Iterator[str]:
    """Yield escapes and overkill of each view, as they were measured when it was taught."""
    for view in recipe.views:
        begin = f"{view.name}: " if view.name else ""
        try:
            lines = rates_in_words(station.recipes.figures(view)) or ["escapes and overkill are not known"]
        except ModelError as error:
            lines = [f"escapes and overkill are not known: {error.sentence}"]
        yield from (f"{begin}{line}" for line in lines)


def _short(value: object) -> str:
    """Return a value for people; of an ignore mask the beginning."""
    return shortened(in_words(value), _MOST_LETTERS)


def _find(station: Station, text: str) -> RecipeEntry:
    return station.recipes.find(*recipe_and_revision(text))


def _report(results: Results, entry: RecipeEntry) -> None:
    results.line(_line(entry))
    results.record(_values(entry))


def _line(entry: RecipeEntry) -> str:
    recipe, change = entry.recipe, entry.change
    made = f"{entry.created_at:%Y-%m-%d %H:%M}  {recipe.author}  {recipe.reason}".rstrip()
    since = f"  ({entry.state} {change.at:%Y-%m-%d %H:%M} by {change.person}: {change.reason})"
    return f"{recipe.label}  {entry.state}  {made}{since if change.at != entry.created_at else ''}"


def _values(entry: RecipeEntry) -> dict[str, object]:
    """Return the views as a list; a single view without a name has its fields next to the others."""
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
