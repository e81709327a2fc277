"""Does the time of a refused log-in say whether a name exists? Wrong names and wrong PINs in turn, with real hashes.

    python tests/benchmarks/log_in_timing.py [PAIRS]

Prints one JSON object; `ratio` is the median of the wrong PINs over that of the wrong names.
"""

import json
import statistics
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))
from plant import PIN, Plant

from station.cli.in_turn import in_turn
from station.domain.errors import BadInputError
from station.domain.secret import Secret
from station.people.pin_hash import PinHasher


def _refused_s(plant: Plant, name: str, pin: str) -> float:
    plant.now += timedelta(hours=1)  # no try waits: the time of a check is what is compared
    begin = time.perf_counter()
    with suppress(BadInputError):
        plant.people.log_in(name, Secret(pin))
    return time.perf_counter() - begin


def main(pairs: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        plant.hasher = plant.log_in._hasher = PinHasher()
        plant.settle()
        plant.now = datetime(2026, 11, 28, tzinfo=UTC)
        names = ("Anna Berg", "Nobody Here")
        taken = in_turn({name: lambda _, name=name: _refused_s(plant, name, PIN[::-1]) for name in names}, pairs, 2)
        plant.database.close()
    known, unknown = (statistics.median(times) for times in taken.values())
    figures = {"pairs": pairs, "wrong_pin_ms": 1000 * known, "wrong_name_ms": 1000 * unknown, "ratio": known / unknown}
    print(json.dumps({key: round(value, 4) for key, value in figures.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100)
