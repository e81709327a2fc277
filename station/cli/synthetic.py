"""`linesidectl synthetic`: draw defects into good pictures, and look which of them a recipe would find."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import (
    add_json,
    add_view,
    authorise,
    existing_workspace,
    positive,
    recipe_and_revision,
    station_arguments,
)
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.cli.text_tables import aligned
from station.domain.formatting import counted
from station.domain.names import readable
from station.domain.permissions import Permission
from station.domain.synthetic import DrawnLook, LookOrder, SyntheticKind
from station.reporting.drawn_wording import NOT_REAL, drawn_headings, drawn_remarks, drawn_rows, kind_name

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_WORDS = {kind.word: kind for kind in SyntheticKind}


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    draw = _verb(verbs, common, "draw", run_draw, "write a labelled folder of drawn defects, with masks")
    draw.add_argument("folder", type=Path, help="pictures of good parts; others in it are not used")
    draw.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder, in MVTec layout")
    draw.add_argument("--size", type=_size, metavar="PX", help="length of each defect; default: at random")
    look = _verb(verbs, common, "look", run_look, "which drawn kinds and sizes a recipe finds at its limit")
    look.add_argument("folder", type=Path, nargs="?", help="pictures of good parts; default: those it was taught from")
    look.add_argument("--recipe", required=True, metavar="NAME[@REV]", help="default: released, else newest draft")
    add_view(look)
    look.add_argument("--sizes", type=_sizes, default=(), metavar="PX,PX", help="default: 1 to 16 %% of the part")
    look.add_argument("--need", type=_size, metavar="PX", help="exit code 1 unless every kind is found from this size")


def _verb(
    verbs: "Commands", common: argparse.ArgumentParser, name: str, run: object, help_text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    parser.add_argument("--kinds", type=_kinds, default=tuple(SyntheticKind), metavar="KIND,KIND",
                        help=f"of {', '.join(_WORDS)}; default: all")  # fmt: skip
    parser.add_argument("--count", type=positive, default=10, metavar="N", help="of each kind and size; default: 10")
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help="the same seed draws the same; default: 0")
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_draw(asked: argparse.Namespace) -> int:
    """Write the folder, and say what is in it."""
    authorise(asked, Permission.EDIT_DATASET)
    from station.learning.layout.reading import read_layout  # noqa: PLC0415 - needed by few commands
    from station.learning.synthetic_set import SyntheticOrder, write_synthetic_set  # noqa: PLC0415 - as above

    with Results(asked.json) as results, progress_bars() as on_progress:
        good = [picture for picture in read_layout(asked.folder).pictures if picture.good]
        order = SyntheticOrder(asked.kinds, asked.count, asked.seed, asked.size)
        drawn = write_synthetic_set(good, asked.out, order, on_progress)
        outlined = sum(each.outlined for each in drawn)
        results.line(f"{counted(len(drawn), 'synthetic defect')} drawn, with masks, in {readable(str(asked.out))}")
        results.line(f"confined to the outline of the part: {outlined}; to the whole picture: {len(drawn) - outlined}")
        results.record(
            {"synthetic": True, "folder": str(asked.out), "seed": asked.seed, "defects": len(drawn),
             "kinds": dict.fromkeys(asked.kinds, asked.count), "part_outlined": outlined}
        )  # fmt: skip
    return 0


def run_look(asked: argparse.Namespace) -> int:
    """Print a table by kind and size; return 1 unless every kind is found from the size that is needed."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
        progress_bars() as on_progress,
    ):
        name, revision = recipe_and_revision(asked.recipe)
        order = LookOrder(asked.kinds, asked.count, asked.seed, asked.sizes)
        look = station.synthetic.look(name, order, revision, view=asked.view, folder=asked.folder, progress=on_progress)
        recipe = station.recipes.find(name, revision).recipe
        for line in lines(look):
            results.line(line)
        lacking = None if asked.need is None else _lacking(look, asked.need)
        if lacking is not None:
            results.line(lacking or f"every kind is found from {asked.need} px, as needed")
        results.record(
            {"synthetic": True, "recipe": recipe.name, "revision": recipe.revision, "seed": asked.seed, **values(look)}
        )
    return 1 if lacking else 0


def lines(look: DrawnLook) -> list[str]:
    """Return the look for people: what it is, and a table with a row for each kind."""
    table = aligned((drawn_headings(look), *drawn_rows(look)))
    return [f"Synthetic defects: {NOT_REAL}", *drawn_remarks(look), *table]


def values(look: DrawnLook) -> dict[str, object]:
    """Return the look for programs."""
    return {
        "pictures": look.pictures,
        "left_out": look.left_out,
        "learned": look.learned,
        "part_outlined": look.outlined,
        "sizes": [
            {"kind": each.kind, "size_px": each.size_px, "drawn": each.drawn, "found": each.found,
             "placed": each.placed, "not_inspected": each.not_inspected}
            for each in look.sizes
        ],
        "found_from_px": {kind: look.smallest_found(kind) for kind in dict.fromkeys(each.kind for each in look.sizes)},
    }  # fmt: skip


def _lacking(look: DrawnLook, size_px: int) -> str:
    """Return which kinds are not found at every size from this one on, at least 90 % of each; "" if all are."""
    large = [each for each in look.sizes if each.size_px >= size_px]
    if not large:
        return f"no defect of {size_px} px or more was drawn: name larger --sizes, or a smaller --need"
    missed = dict.fromkeys(kind_name(each.kind) for each in large if not each.is_found)
    return f"not found from {size_px} px, as needed: {', '.join(missed)}" if missed else ""


def _kinds(text: str) -> tuple[SyntheticKind, ...]:
    words = [word.strip().removeprefix("synthetic-") for word in text.split(",")]
    if unknown := [word for word in words if word not in _WORDS]:
        raise argparse.ArgumentTypeError(f"'{unknown[0]}' is not a kind; the kinds are {', '.join(_WORDS)}")
    return tuple(dict.fromkeys(_WORDS[word] for word in words))


def _size(text: str) -> int:
    size = positive(text)
    if size < 2:
        raise argparse.ArgumentTypeError("a defect is at least 2 pixels long")
    return size


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_size(word.strip()) for word in text.split(",")}))


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 on")
    return int(text)
