"""Say in words what became of the reference pictures of a model package on this machine."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from station.domain.formatting import counted
from station.inference.certificate import Certificate
from station.inference.model_package import OPENVINO, ModelPackage
from station.inference.proof import WayResult, repeat
from station.inference.reference import read_reference


def repeated_ways(package: ModelPackage) -> Iterator[tuple[bool, str]]:
    """Judge the reference pictures of a package in every way on this machine, and yield what was found.

    Yields:
        Whether it is as certified, and a sentence about the package. A package of an older format has no reference
        pictures, and says so.

    Raises:
        ModelError: The reference pictures cannot be read, or the plug-in that computes the model is not installed.
        FaultError: A device or the plug-in failed.
    """
    certificate, reference = package.manifest.certificate, read_reference(package)
    if reference is None or (certificate is None and package.manifest.kind == OPENVINO):
        yield True, "it has no certificate of precisions, so that only f32 on the CPU may be used"
        return
    with tempfile.TemporaryDirectory(prefix="lineside-") as compiled:
        results = repeat(package, reference, Path(compiled))
    for result in results:
        if not result.as_certified:
            yield False, f"{result.way} is farther from f32 here than certified: {_farthest(result)}"
    if all(result.as_certified for result in results):
        ways = ", ".join(f"{result.way} ({_difference(result)})" for result in results)
        pictures = counted(len(reference.pictures), "reference picture")
        yield True, f"{pictures} judged as certified {_in_each(len(results))}: {ways}"
    if certificate is not None:
        yield from ((True, sentence) for sentence in _not_offered(certificate))


def _in_each(ways: int) -> str:
    return f"in each of {ways} ways" if ways > 1 else "by its only way"


def _not_offered(certificate: Certificate) -> Iterator[str]:
    for each in certificate.precisions:
        if not each.offered:
            yield (
                f"{each.precision} on {each.device} is not offered: "
                f"{each.repeat_rate:.1%} of the parts would be judged twice"
            )


def _difference(result: WayResult) -> str:
    greatest = max(result.score_difference, result.place_difference)
    return "equal" if greatest == 0 else f"at most {greatest:.2g} apart"


def _farthest(result: WayResult) -> str:
    return (
        f"scores by {result.score_difference:.2g} (allowed {result.allowed_score:.2g}), "
        f"places by {result.place_difference:.2g} (allowed {result.allowed_place:.2g})"
    )
