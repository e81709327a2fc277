"""`linesidectl settings`: every setting with its value, unit, range and origin."""

import argparse

from station.cli.arguments import add_json
from station.cli.output import Results
from station.plugin_api.hooks import installed_plugins
from station.plugin_api.plugin_settings import settings_models
from station.settings_file import line_numbers, load_settings
from station.settings_overview import annotated_toml, describe_settings
from station.workspace import Workspace


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print an annotated `station.toml`; with `--json` one object per setting."""
    file = Workspace(asked.workspace).settings_file
    models = settings_models(installed_plugins())
    settings = load_settings(file, models)
    lines = line_numbers(file.read_text("utf-8")) if file.exists() else {}
    found = describe_settings(settings, lines, models)
    with Results(asked.json) as results:
        results.line(annotated_toml(found).rstrip())
        for one in found:
            results.record(
                {
                    "key": one.key,
                    "value": one.value,
                    "default": one.default,
                    "unit": one.unit or None,
                    "limits": one.limits or None,
                    "meaning": one.meaning,
                    "origin": one.origin,
                }
            )
    return 0
