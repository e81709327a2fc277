"""What is wrong with a source of pictures and does not stop the line; said before the first part."""

from collections.abc import Iterator

from station.camera.source import CameraInfo
from station.domain.messages import FaultReported
from station.domain.recipe import View
from station.judgement.form_check import other_coding


def source_faults(view: View, info: CameraInfo) -> Iterator[FaultReported]:
    """Yield what is left out of a folder, and how its pictures are stored otherwise than those of the teaching."""
    if info.left_out:
        yield FaultReported(
            "line",
            info.notes[0],
            "Save them as a kind that is read, or take them out of the folder.",
            "Some files in the folder of pictures are not inspected. Call the engineer.",
        )
    if differs := other_coding(view.form, info.coding):
        yield FaultReported(
            "line",
            f"The pictures are compressed otherwise than those of the teaching, which moves scores: {differs}.",
            "Teach from pictures that are stored like those to be inspected.",
            "The pictures are stored otherwise than those of the teaching. Call the engineer.",
        )
