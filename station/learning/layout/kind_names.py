"""The folder of a kind of defect: a name that every system takes and that is read back as that very kind.

Most kinds are their own folder. "con" is a device on Windows, and "12" says nothing of the pictures in it, so these
become "defect (con)" and "defect (12)", and are "con" and "12" again when the folder is read.
"""

import re

from station.domain.names import is_device_name
from station.learning.layout.words import Label, fold, mask_name_of, output_name_of, sense_of, sense_of_stem

_ESCAPED = re.compile(r"defect \((.+)\)", re.DOTALL)


def folder_of_kind(kind: str) -> str:
    """Return the name of the folder for pictures with this kind of defect."""
    return f"defect ({kind})" if is_device_name(kind) or _ESCAPED.fullmatch(kind) or _says_nothing(kind) else kind


def kind_of_folder(folder: str) -> str:
    """Return the kind whose folder this is; its own name if `folder_of_kind` gives no kind this folder."""
    found = _ESCAPED.fullmatch(folder)
    return found[1] if found and folder_of_kind(found[1]) == folder else folder


def is_silent(stem: str) -> bool:
    """Return whether the name of a picture says neither what it is, nor that it is a mask or made by a program.

    The name of its mask is that of no other picture then: "_1_mask" is the mask of "1", so "_1" is not silent.
    """
    if sense_of_stem(stem).label is not None or mask_name_of(stem) is not None or output_name_of(stem) is not None:
        return False
    mask = mask_name_of(f"{stem}_mask")
    return mask is not None and mask.base == fold(stem)


def _says_nothing(kind: str) -> bool:
    sense = sense_of(kind)
    return sense.label is not Label.DEFECT and (sense.neutral or sense.split is not None)
