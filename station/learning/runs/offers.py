"""What can be taught: the frozen dataset versions of a workspace, and the methods for one of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.synthetic import is_synthetic
from station.domain.training import MethodOffer, VersionSummary
from station.learning.datasets import FEWEST_GOOD_PARTS
from station.learning.labels import GOOD
from station.learning.manifest import MANIFEST, read_manifest
from station.learning.plugin_method import PluginMethod
from station.learning.presets import AnyMethod, known_methods, method_named

_WORDS_OF_PRESETS = {"fast": "as balanced, in two thirds of the time for each part; finds less of small defects"}
_FOR_GRADIENTS = "give it 100 good parts or more"


def versions_in(datasets: Path) -> tuple[VersionSummary, ...]:
    """Return the frozen versions of all products, the newest of each product first; damaged ones are left out."""
    found = [version for manifest in datasets.glob(f"*/*/{MANIFEST}") for version in _summary(manifest)]
    return tuple(sorted(found, key=lambda each: (each.product, -each.frozen_at.timestamp(), each.version)))


def _summary(manifest: Path) -> Iterator[VersionSummary]:
    if manifest.parent.name.startswith("."):
        return
    try:
        content = read_manifest(manifest.parent)
    except BadInputError:
        return
    good = Counter(each.split for each in content.pictures if each.kind == GOOD)
    defects = Counter(each.kind for each in content.pictures if each.kind != GOOD and not is_synthetic(each.kind))
    yield VersionSummary(
        content.product,
        content.version,
        datetime.fromtimestamp(manifest.stat().st_mtime, UTC),
        good["train"],
        good["test"],
        dict(sorted(defects.items())),
        sum(each.mask_sha256 is not None for each in content.pictures),
    )


def methods_for(version: VersionSummary, backbones: Path, also: str = "") -> tuple[MethodOffer, ...]:
    """Return every method, with the reason if these pictures are too few for it, or the station lacks something.

    Args:
        version: The pictures.
        backbones: Folder of the networks that the site brought.
        also: One more: several methods, joined by "+".

    Raises:
        BadInputError: There is no method `also`.
    """
    known = known_methods()
    if also and also not in known:
        known[also] = method_named(also)
    pictures = counted(version.good_to_learn, "picture")
    few = f"{pictures} of good parts; {FEWEST_GOOD_PARTS} are needed, 20 give a usable limit"
    refusal = few if version.good_to_learn < FEWEST_GOOD_PARTS else ""
    return tuple(
        MethodOffer(
            name, _WORDS_OF_PRESETS.get(name, method.offer), refusal or _lacking(method, backbones), _cost(method)
        )
        for name, method in known.items()
    )


def _cost(method: AnyMethod) -> str:
    """Return what a method costs, and how many pictures it needs; a plug-in says it in its own sentence."""
    if isinstance(method, PluginMethod):
        return ""
    return f"{method.cost}; {_FOR_GRADIENTS}" if method.held_out == "once" else method.cost


def _lacking(method: AnyMethod, backbones: Path) -> str:
    lacking = method.lacks(backbones)
    return f"{lacking.sentence}; {lacking.advice[0].lower()}{lacking.advice[1:].rstrip('.')}" if lacking else ""


def refusal_of_defects(version: VersionSummary) -> str:
    """Return why a model cannot learn from the defects of a version; "" if it can."""
    return "" if version.defects else "no labelled defect is in this version"
