"""In which order an appraiser sees the parts of a study: at random, and no part soon again."""

from collections.abc import Collection

from station.domain.digest import sha256_hex
from station.domain.study.study import Appraiser, Study, StudyTask


def order_of(seed: int, appraiser: int, parts: int, trials: int) -> tuple[tuple[int, int], ...]:
    """Return the answers of an appraiser as (trial, part), in the order in which they are asked for.

    It follows from the seed alone, so that it is the same after a restart and years later. The first trial is in
    a random order. In each further one every part moves from its former place by a random step of less than half a
    trial, so at least half a trial lies between two answers for one part, and all orders of neighbours are possible.

    Args:
        seed: Of the study.
        appraiser: The number of the appraiser.
        parts: How many parts there are; they are numbered from 1.
        trials: How often each is judged.
    """
    present = sorted(range(1, parts + 1), key=lambda part: _lot(seed, appraiser, 1, part))
    asked = [(1, part) for part in present]
    for trial in range(2, trials + 1):
        moved = {part: at + parts / 2 * _lot(seed, appraiser, trial, part) for at, part in enumerate(present)}
        present = sorted(present, key=lambda part, moved=moved: (moved[part], part))  # type: ignore[misc]
        asked += [(trial, part) for part in present]
    return tuple(asked)


def next_task(study: Study, appraiser: Appraiser, answered: Collection[tuple[int, int]]) -> StudyTask | None:
    """Return what an appraiser is asked next; None if every answer was given.

    Args:
        study: The study.
        appraiser: One of its appraisers.
        answered: The answers that this appraiser has given, as (trial, part).
    """
    asked = order_of(study.seed, appraiser.number, len(study.parts), study.trials)
    for position, (trial, part) in enumerate(asked, 1):
        if (trial, part) not in answered:
            item_id = study.part(part).item_id
            return StudyTask(study.number, appraiser, trial, part, position, len(asked), item_id)
    return None


def _lot(*words: int) -> float:
    """Return a number in 0..1 that looks drawn at random and is always the same for these words."""
    return int(sha256_hex("/".join(map(str, words)).encode())[:14], 16) / 2**56
