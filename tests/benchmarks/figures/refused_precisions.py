"""8 bits: what an earlier trial cost in accuracy, and that this build therefore takes no recipe with them.

The losses are those of `docs/trials/speed.md`, "The model's graph"; nothing is trained in 8 bits here. What is measured
is the refusal: the taught model is asked for in 8 bits.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from figure import Figure, Setting
from prepared import taught

from station.domain.errors import BadInputError
from station.domain.recipe import InferenceSettings
from station.inference.opening import open_predictor

NAME = "8 bits are refused"
MOST_LOSS = 0.002
LOST_IN_TRIAL = {"tile": 0.007, "another product": 0.04, "bottle": -0.003}
_EIGHT_BITS = ("i8", "int8", "u8")


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return how many spellings of 8 bits were taken, and what the trial lost."""
    with taught(setting) as (_, one), TemporaryDirectory() as cache:
        taken = sum(_is_taken(one.package, precision, Path(cache)) for precision in _EIGHT_BITS)
    cited = "not measured by this run: docs/trials/speed.md"
    return (
        Figure("8 bits that a recipe may have", taken, None, "precisions", None, 0, len(_EIGHT_BITS)),
        *(
            Figure(f"8 bits, loss of image AUROC, {name}", loss, None, "AUROC", None, None, 0,
                   f"{cited}; {'over' if loss > MOST_LOSS else 'within'} {MOST_LOSS}")
            for name, loss in LOST_IN_TRIAL.items()
        ),
    )  # fmt: skip


def _is_taken(package, precision: str, cache: Path) -> bool:
    try:
        open_predictor(package, InferenceSettings(precision=precision), cache).close()
    except BadInputError:
        return False
    return True
