"""`linesidectl cameras`: every producer and device, and why one is missing."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from station.camera.genicam.discovery import discover
from station.cli.arguments import add_json
from station.cli.output import Results
from station.domain.camera import CamerasInSight
from station.settings import load_settings
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_ASKED_FOR = "genicam:"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser("cameras", parents=[common], help="every camera, and why one is missing")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print producers, devices and reasons; 1 when no real camera is in sight."""
    settings = load_settings(Workspace.open(asked.workspace).settings_file)
    with Results(asked.json) as results:
        found, views = discover(settings.camera), settings.camera.views
        for line in (*lines(found), *_views(found, views)):
            results.line(line)
        results.record(_values(found) | ({"views": views} if views else {}))
    return 1 if found.reasons else 0


def lines(found: CamerasInSight) -> list[str]:
    """What a person reads, in the words of the Cameras page."""
    producers = [f"producer  {one.sentence}\n          {one.detail}" for one in found.producers]
    devices = [f"device    {one.source}  {one.name}\n          {one.detail}" for one in found.devices]
    reasons = [f"missing   {reason}" for reason in found.reasons]
    return [*producers, *devices, *reasons]


def _views(found: CamerasInSight, views: Mapping[str, str]) -> list[str]:
    """Which camera sees which view of a part."""
    seen = {device.source for device in found.devices}
    missing = {source for source in views.values() if source.startswith(_ASKED_FOR)} - seen
    return [
        f"view      {view} is {source}{', which no producer sees' if source in missing else ''}"
        for view, source in views.items()
    ]


def _values(found: CamerasInSight) -> dict[str, object]:
    return {
        "producers": [asdict(one) for one in found.producers],
        "devices": [{**asdict(one), "source": one.source} for one in found.devices],
        "reasons": list(found.reasons),
    }
