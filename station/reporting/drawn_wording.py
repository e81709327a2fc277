"""A look at drawn defects in words, on screen and command line: a row for each kind, a column for each size."""

from collections.abc import Sequence

from station.domain.formatting import counted
from station.domain.synthetic import DrawnLook, SyntheticKind

NOT_REAL = "what is found here does not prove that real defects are found."
_NAMES = {
    SyntheticKind.PATCH: "pasted patch",
    SyntheticKind.MISSING: "missing piece",
    SyntheticKind.FOREIGN: "foreign object",
}


def kind_name(kind: SyntheticKind) -> str:
    """Return the kind for people: "missing piece"."""
    return _NAMES.get(kind, kind.word)


def drawn_headings(look: DrawnLook) -> tuple[str, ...]:
    """Return the headings: sizes are lengths in pixels of the picture."""
    return ("Drawn defect", *(f"{size} px" for size in _sizes(look)), "Found from")


def drawn_rows(look: DrawnLook) -> tuple[tuple[str, ...], ...]:
    """Return a row for each kind: how many of each size are found, and from which size on nearly all are."""
    found = {(each.kind, each.size_px): f"{each.found} of {each.drawn}" for each in look.sizes}
    rows = []
    for kind in dict.fromkeys(each.kind for each in look.sizes):
        smallest = look.smallest_found(kind)
        of_sizes = (found.get((kind, size), "") for size in _sizes(look))
        rows.append((kind_name(kind), *of_sizes, "no size" if smallest is None else f"{smallest} px"))
    return tuple(rows)


def drawn_remarks(look: DrawnLook) -> tuple[str, ...]:
    """Return what the look rests on, a sentence each."""
    learned = ", which the model has learned: there are no others" if look.learned else ""
    said = [f"Drawn on {counted(look.pictures, 'good picture')}{learned}; on {look.outlined} the part was outlined."]
    if look.left_out:
        said.append(f"Left out, not passed even without a drawn defect: {counted(look.left_out, 'good picture')}.")
    found, placed, blind = (
        sum(values) for values in zip(*((one.found, one.placed, one.not_inspected) for one in look.sizes), strict=True)
    )
    said.append(f"{placed} of {found} found have their mark on the defect.")
    if blind:
        said.append(f"{blind} not inspected, counted as not found.")
    return (*said, "Found from: nine of ten of this size, and of each larger one.")


def _sizes(look: DrawnLook) -> Sequence[int]:
    return sorted({each.size_px for each in look.sizes})
