"""`linesidectl cameras`: lists all producers and devices, and why a camera is missing."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from station.camera_setup.discovery import discover_sources
from station.cli.arguments import add_json, authorise
from station.cli.output import Results
from station.domain.camera import DiscoveryResult
from station.domain.permissions import Permission
from station.settings_file import load_settings
from station.workspace import Workspace


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print producers, devices and reasons; return 1 if a camera of the station, or any real camera, is missing."""
    authorise(asked, Permission.USE_CAMERA)
    settings = load_settings(Workspace.open(asked.workspace).settings_file).camera
    with Results(asked.json) as results:
        found = discover_sources(settings)
        for line in (*lines(found), *_configured(found, settings.sources)):
            results.line(line)
        results.record(_values(found) | ({"views": settings.views} if settings.views else {}))
    return 1 if found.reasons or found.unseen else 0


def lines(found: DiscoveryResult) -> list[str]:
    """Return the lines for people, in the same words as the Cameras page."""
    producers = [f"producer  {one.sentence}\n          {one.detail}" for one in found.producers]
    devices = [f"device    {one.source}  {one.name}\n          {one.detail}" for one in found.devices]
    reasons = [f"missing   {reason}" for reason in found.reasons]
    return [*producers, *devices, *reasons]


def _configured(found: DiscoveryResult, sources: Mapping[str, str]) -> list[str]:
    """Return one line per camera in the settings, with the view that it takes."""
    if not sources:
        return ["source    no camera is set in station.toml"]
    unseen = {mine.source for mine in found.unseen}
    return [
        f"{f'view      {view} is' if view else 'source   '} {source}"
        f"{', not found by any producer' if source in unseen else ''}"
        for view, source in sources.items()
    ]


def _values(found: DiscoveryResult) -> dict[str, object]:
    return {
        "producers": [asdict(one) for one in found.producers],
        "devices": [{**asdict(one), "source": one.source} for one in found.devices],
        "reasons": list(found.reasons),
        "unseen": [mine.source for mine in found.unseen],
    }
