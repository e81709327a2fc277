"""`linesidectl inspect`: a verdict for every picture of a source, recorded."""

import argparse
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path, PurePosixPath

from station.app import Station
from station.camera.source import CameraInfo
from station.cli.arguments import account, add_json, positive, recipe_and_revision, warn_of_clock
from station.cli.map_files import NOT_OVERWRITTEN, write_map
from station.cli.output import Results, in_words
from station.domain.errors import BadInputError
from station.domain.formatting import AGAIN, score
from station.domain.inspection import Inspection, PartKey, RunKind, ViewInspection
from station.domain.messages import FaultReported
from station.domain.part_images import ViewResult
from station.domain.recipe import Recipe, listed
from station.domain.source_uri import picture_origin
from station.domain.verdict import Verdict
from station.recipes.view_editing import free_running_warning
from station.reporting.run_summary import summary_of
from station.settings import live_views


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a folder or picture, replay:FOLDER, simulated:, genicam:SERIAL or webcam:0; "
        "VIEW=SOURCE for each view of a recipe with several",
    )
    parser.add_argument("--recipe", required=True, metavar="NAME[@REV]", help="default: released, else newest draft")
    parser.add_argument("--count", type=positive, metavar="N", help="stop after N parts")
    parser.add_argument("--maps", type=Path, metavar="DIR", help="write each anomaly map as a 32-bit float TIFF")
    parser.add_argument(
        "--kind",
        choices=[RunKind.TRIAL.value, RunKind.PRODUCTION.value],
        default=RunKind.TRIAL.value,
        help="a trial is recorded, and not counted in the shift; default: trial",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print each part once its record is safe, then the summary; parts left out make the answer "no", masks do not."""
    with Station.open(asked.workspace, authority=asked.authority) as station, Results(asked.json) as results:
        warn_of_clock(station)
        recipe = station.recipes.find(*recipe_and_revision(asked.recipe)).recipe
        sources = sources_of(asked.sources, recipe)
        _warn_of_free_running(sources, station.settings.camera.trigger)
        parts: list[Inspection] = []
        said: list[str] = []
        report_part = partial(_report_part, results=results, recipe=recipe, parts=parts)
        try:
            station.line.run(
                sources,
                on_part=_with_maps(report_part, station, asked.maps) if asked.maps else report_part,
                recipe=recipe,
                count=asked.count,
                person=account(),
                kind=RunKind(asked.kind),
                on_trouble=partial(_warn, said=said),
            )
        except KeyboardInterrupt:
            _sum_up(parts, station.line.cameras.values(), said, results, asked.kind)
            raise
        return 1 if _sum_up(parts, station.line.cameras.values(), said, results, asked.kind) else 0


def _warn_of_free_running(sources: Mapping[str, str], trigger: str) -> None:
    """Warn if the settings ask for software triggers: this command lets the cameras run freely."""
    if trigger == "software" and live_views(sources):
        _say('The setting trigger = "software" does not apply to this command: each camera runs freely.')
    if freely := free_running_warning(sources, "free" if trigger == "software" else trigger):
        _say(f"The views {freely}.")


def _sum_up(
    parts: Sequence[Inspection], sources: Collection[CameraInfo], said: Collection[str], results: Results, kind: str
) -> list[str]:
    """Print the summary, and what was not said yet about the folders; return what was left out, masks aside."""
    for note in (note for source in sources for note in source.notes if note not in said):
        _say(note)
    if parts and all(part.verdict is Verdict.NOT_INSPECTED for part in parts):
        reason = parts[-1].reason.rstrip(".")
        _say(f"No part was inspected: {reason}. Check that recipe and pictures belong together.")
    left_out = [file for source in sources for file in source.left_out]
    pictures = picture_origin(source.source for source in sources)
    no_parts = [file for source in sources for file in source.no_parts]
    summary = summary_of(parts, [*left_out, *no_parts]) | {"kind": kind, "pictures": pictures.value}
    results.line(in_words({key: value for key, value in summary.items() if key != "summary"}))
    results.record(summary)
    return left_out


def sources_of(words: Sequence[str], recipe: Recipe) -> dict[str, str]:
    """Return the source of each view: SOURCE for the only one, else VIEW=SOURCE. A path may contain "=" too.

    Raises:
        BadInputError: If a view has no source, or more than one.
    """
    named = [_view_and_source(word, recipe) for word in words]
    if not recipe.sees(view for view, _ in named):
        several = " ".join(f"{view}=SOURCE" for view in recipe.view_names)
        raise BadInputError(
            f"Recipe {recipe.label} sees {listed(recipe.view_names)}, and each view needs one source.",
            f"Write {several if len(recipe.views) > 1 else 'one SOURCE'}.",
        )
    return dict(named)


def _view_and_source(word: str, recipe: Recipe) -> tuple[str, str]:
    view, _, source = word.partition("=")
    if view and source and view in recipe.view_names:
        return view, source
    return (recipe.view_names[0] if len(recipe.views) == 1 else ""), word


def part_values(part: Inspection, recipe: Recipe) -> dict[str, object]:
    """Return one part as `inspect --json` writes it: the deciding view, and each view if there are several."""
    several = {"view": part.deciding.name, "views": [_view_values(view, recipe) for view in part.views]}
    return {
        "part": part.key.label,
        **_judgement_values(part.deciding, recipe),
        "elapsed_ms": round(part.elapsed_ms, 3),
        "recipe": recipe.name,
        "revision": recipe.revision,
        **{what: text for what, text in _named(part) if text},
        **(several if len(part.views) > 1 else {}),
    }


def _named(part: Inspection) -> tuple[tuple[str, str], ...]:
    return ("serial", part.serial), ("lot", part.lot), ("order", part.order)


def _view_values(view: ViewInspection, recipe: Recipe) -> dict[str, object]:
    return {"view": view.name, **_judgement_values(view, recipe)}


def _judgement_values(view: ViewInspection, recipe: Recipe) -> dict[str, object]:
    judged_by = recipe.view(view.name)
    return {
        "source": view.origin,
        "verdict": view.verdict.value,
        "reason": view.reason,
        "cause": view.cause,
        "pred_score": view.pred_score,
        "raw_score": view.raw_score,
        "image_threshold": view.image_threshold,
        "regions": [asdict(region) for region in view.regions],
        "conversion": view.conversion,
        **({"judged_again": True} if view.judged_again else {}),
        **({"code": asdict(view.code)} if view.code else {}),
        "elapsed_ms": round(view.elapsed_ms, 3),
        "model_sha256": judged_by.model.sha256,
        "dataset_version": judged_by.dataset_version,
    }


def _report_part(part: Inspection, results: Results, recipe: Recipe, parts: list[Inspection]) -> None:
    parts.append(part)
    results.line(f"{part.key.label}  {_line(part.deciding, part.reason)}")
    if len(part.views) > 1:
        for view in part.views:
            results.line(f"      {view.name}: {_line(view, view.reason)}")
    results.record(part_values(part, recipe))


def _line(view: ViewInspection, reason: str) -> str:
    judged = view.pred_score is not None
    scores = f"  score {score(view.pred_score)}, limit {score(view.image_threshold)}" if judged else ""
    conversion = f"  ({view.conversion})" if view.conversion else ""
    again = f"  ({AGAIN})" if view.judged_again else ""
    return f"{view.verdict.word:13}  {view.origin}  {reason}{scores}{again}{conversion}"


def _warn(trouble: FaultReported, said: list[str]) -> None:
    said.append(trouble.sentence)
    _say(f"{trouble.sentence} {trouble.advice}")


def _say(sentence: str) -> None:
    print(f"linesidectl: {sentence}", file=sys.stderr)


def _with_maps(
    report_part: Callable[[Inspection], None], station: Station, folder: Path
) -> Callable[[Inspection], None]:
    written: set[Path] = set()

    def write_and_report(part: Inspection) -> None:
        past = station.records.part(part.key) if any(view.pred_score is not None for view in part.views) else None
        for result in past.views if past else ():
            view = result.inspection
            if view.pred_score is not None:
                path = _free_place(_place_of_map(view, folder / view.name), part.key, written)
                _write_map(result, part.key, path)
                written.add(path)
        report_part(part)

    return write_and_report


def _place_of_map(view: ViewInspection, folder: Path) -> Path:
    """Return the path that the MVTec evaluation tools expect: the picture's relative path with `.tiff`."""
    inside = [name for name in PurePosixPath(view.origin.replace("\\", "_")).parts if name not in ("/", "..")]
    return folder.joinpath(*inside).with_suffix(".tiff")


def _free_place(path: Path, key: PartKey, written: Collection[Path]) -> Path:
    """Return a free path: of a.jpg and a.png in one run, the later map gets its part's number as a suffix.

    Raises:
        BadInputError: If a file of an earlier run exists.
    """
    free = path.with_stem(f"{path.stem}-{key.label}") if path in written else path
    if free.exists():
        raise BadInputError(f"There is already a file {free}.", NOT_OVERWRITTEN)
    return free


def _write_map(result: ViewResult, key: PartKey, path: Path) -> None:
    """Write the map of a part.

    Raises:
        BadInputError: It was not kept, or the folder cannot be written.
    """
    if result.judged_map is None:
        raise BadInputError(f"The anomaly map of part {key.label} was not kept.", "Inspect the picture again.")
    write_map(result, path)
