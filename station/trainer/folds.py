"""Which good pictures are held out together."""

import numpy as np
from numpy.typing import NDArray

_FOLDS = 5
_FOLDS_OF_FEW = 10
_FEW_PICTURES = 60
_LONGEST_RUN = 4
_PICTURES_FOR_EACH_OF_RUN = 50


def folds_of(count: int) -> list[NDArray[np.intp]]:
    """Return the numbers of the pictures of each fold, rising; together all of `count` pictures, each once.

    Runs of 4 neighbours are dealt to 5 folds in turn: several pictures of one part have consecutive names and must not
    find each other in the bank, and a fold is not a whole lot. Under 200 pictures the runs are shorter, one picture for
    every 50: a run of 4 out of 31 takes all pictures of a kind of good part away at once, and the limit came out so
    high that it let nearly every defect pass. Up to 60 pictures there are 10 folds, so that each bank is made of
    nearly all pictures.
    Example: 200 pictures give the runs 0-3, 4-7, ..., and the first fold holds 0-3, 20-23, ...; of 31 pictures it holds
    0, 10, 20 and 30.
    """
    folds = min(count, _FOLDS_OF_FEW if count <= _FEW_PICTURES else _FOLDS)
    run = min(_LONGEST_RUN, max(1, count // _PICTURES_FOR_EACH_OF_RUN))
    fold = np.arange(count) // run % folds
    return [np.flatnonzero(fold == number) for number in range(folds)]


def once_held_out(count: int) -> NDArray[np.intp]:
    """Return the numbers of the pictures that are held out once, rising: a fifth, in runs as those of the folds."""
    return np.sort(np.concatenate(folds_of(count)[::_FOLDS]))
