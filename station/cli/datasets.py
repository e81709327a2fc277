"""`linesidectl datasets`: list, import, export, freeze, collect."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import account, add_json, existing_workspace, station_arguments, station_to_read
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.dataset import Added, DatasetCounts, Label
from station.domain.formatting import counted, one_or_many, plain

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, common, "list", run_list, "every dataset with its counts, and its frozen versions")
    imports = _verb(verbs, common, "import", run_import, "add the pictures of folders and files")
    imports.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="a folder in any layout, or a picture")
    imports.add_argument("--good", action="store_true", help="pictures of which nothing says what they are: good parts")
    exports = _verb(verbs, common, "export", run_export, "write what is labelled for other programs")
    exports.add_argument("folder", type=Path, help="a new folder")
    exports.add_argument("--as", dest="form", choices=("mvtec", "coco"), default="mvtec", help="MVTec folders or COCO")
    _verb(verbs, common, "freeze", run_freeze, "keep what is labelled as a version that never changes")
    _verb(verbs, common, "collect", run_collect, "collect recorded parts by the policy of the product")
    for name in ("import", "export", "freeze", "collect"):
        verb = verbs.choices[name]
        verb.add_argument("--product", required=True, metavar="NAME", help="whose pictures")
        if name != "collect":
            verb.add_argument("--view", default="", metavar="VIEW", help="which camera, if the station has several")


def _verb(
    verbs: "Commands", common: argparse.ArgumentParser, name: str, run: object, help_text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_list(asked: argparse.Namespace) -> int:
    """Print one line for each dataset, and one for each of its versions."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        places = station.datasets.places()
        for product, view, _ in places:
            counts = DatasetCounts.of(station.datasets.items(product, view))
            versions = station.datasets.versions(product, view)
            named = f"{product}, {view}" if view else product
            defects = plain(counted(counts.defect, "defect"))
            results.line(f"{named}: {counts.good} good, {defects}, {counts.unlabelled} without a label")
            for version in versions:
                defects = plain(counted(version.defects, "defect"))
                results.line(f"  {version.version}: {version.good} good, {defects}")
            results.record(
                {
                    "product": product,
                    "view": view,
                    "good": counts.good,
                    "defects": counts.defect,
                    "unlabelled": counts.unlabelled,
                    "kinds": dict(counts.kinds),
                    "versions": [version.version for version in versions],
                }
            )
        if not places:
            results.line("no dataset yet; make one with: linesidectl datasets import FOLDER --product NAME")
    return 0


def run_import(asked: argparse.Namespace) -> int:
    """Add pictures, and say what they were taken for and what was left out."""
    with Station.open(asked.workspace, authority=asked.authority) as station, Results(asked.json) as results:
        assumed = Label.GOOD if asked.good else Label.UNLABELLED
        with progress_bars() as progress:
            added = station.datasets.import_folder(
                asked.source, asked.product, asked.view, assumed=assumed, person=account(), progress=progress
            )
        _say(results, added)
    return 0


def run_export(asked: argparse.Namespace) -> int:
    """Write what is labelled into a new folder."""
    with _open(asked) as station, Results(asked.json) as results:
        datasets = station.datasets
        write = datasets.export_coco if asked.form == "coco" else datasets.export_mvtec
        with progress_bars() as progress:
            count = write(asked.product, asked.folder, asked.view, progress)
        results.line(f"{plain(counted(count, 'picture'))} written to {asked.folder}")
        results.record({"pictures": count, "folder": str(asked.folder)})
    return 0


def run_freeze(asked: argparse.Namespace) -> int:
    """Freeze what is labelled."""
    with _open(asked) as station, Results(asked.json) as results:
        with progress_bars() as progress:
            version = station.datasets.freeze(asked.product, asked.view, person=account(), progress=progress)
        results.line(
            f"version {version.version}: {version.good} good, {version.learned} of them to learn from, "
            f"{plain(counted(version.defects, 'defect'))}"
        )
        results.record(
            {
                "version": version.version,
                "good": version.good,
                "learned": version.learned,
                "defects": version.defects,
            }
        )
    return 0


def run_collect(asked: argparse.Namespace) -> int:
    """Collect recorded parts by the policy that was set on the page of datasets."""
    with _open(asked) as station, Results(asked.json) as results:
        with progress_bars() as progress:
            added = station.datasets.collect_stored(asked.product, progress)
        _say(results, added)
    return 0


def _open(asked: argparse.Namespace) -> Station:
    return Station.open(existing_workspace(asked.workspace), authority=asked.authority)


def _say(results: Results, added: Added) -> None:
    for note in added.notes:
        results.line(note)
    came = plain(counted(len(added.item_ids), "picture"))
    there = f"{added.already_there} {one_or_many(added.already_there, 'was', 'were')} there already"
    results.line(f"{came} came in, {there}")
    results.record({"added": len(added.item_ids), "already_there": added.already_there, "notes": list(added.notes)})
