"""Which good pictures are held out together."""

import numpy as np
from numpy.typing import NDArray

_FOLDS = 5
_FOLDS_OF_FEW = 10
_FEW_PICTURES = 60
_RUN = 4


def folds_of(count: int) -> list[NDArray[np.intp]]:
    """Return the numbers of the pictures of each fold, rising; together all of `count` pictures, each once.

    Runs of 4 neighbours are dealt to 5 folds in turn: several pictures of one part have consecutive names and must not
    find each other in the bank, and a fold is not one whole lot. Up to 60 pictures there are 10 folds: each bank
    then is made of nearly all pictures; runs are shorter if there are too few pictures for each fold to have one.
    Example: 8 pictures are held out one by one; 45 pictures give the runs 0-3, 4-7, ..., 40-43, 44, and the first two
    folds hold 0-3 with 40-43, and 4-7 with 44.
    """
    folds = min(count, _FOLDS_OF_FEW if count <= _FEW_PICTURES else _FOLDS)
    run = min(_RUN, count // folds)
    fold = np.arange(count) // run % folds
    return [np.flatnonzero(fold == number) for number in range(folds)]
