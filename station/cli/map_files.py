"""Anomaly maps as files that the tools of MVTec AD and LOCO read: 32-bit float TIFF of the size of the picture."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.part_images import ViewResult
from station.storage.pictures.encoding import encode_float_tiff
from station.vision.overlay import full_size_map
from station.workspace import write_for_person

if TYPE_CHECKING:
    from station.learning.layout.labelled import LabelledPicture, Reading

_ELSEWHERE = "Give --maps another folder."
NOT_OVERWRITTEN = "Give --maps another folder; maps are not overwritten."


class EvaluationMaps:
    """Writes the map of each evaluated picture to `FOLDER/<name of the set>/test/<kind>/<name>.tiff`.

    That is where MVTec's tools look for the map of `<set>/test/<kind>/<name>.png`, if their object is the set.
    """

    def __init__(self, folder: Path, reading: "Reading") -> None:
        """Plan the files, so that nothing is judged in vain.

        Raises:
            BadInputError: A file exists, or two pictures differ in their ending alone.
        """
        self._home = folder / reading.folder.resolve().name
        places: dict[Path, str] = {}
        for picture in reading.measured:
            path = self._place(picture)
            if path in places:
                raise BadInputError(
                    f"{places[path]} and {picture.name} differ in their ending alone, and would have the same map.",
                    "Rename one of the pictures.",
                )
            if path.exists():
                raise BadInputError(f"There is already a file {path}.", NOT_OVERWRITTEN)
            places[path] = picture.name
        self.count = len(places)

    def write(self, picture: "LabelledPicture", result: ViewResult) -> None:
        """Write the map of one picture.

        Raises:
            BadInputError: The folder cannot be written.
        """
        write_map(result, self._place(picture))

    @property
    def folder(self) -> Path:
        """Return the folder of the set's maps."""
        return self._home

    def _place(self, picture: "LabelledPicture") -> Path:
        _, *inside = PurePosixPath(picture.name).parts
        return self._home.joinpath("test", *inside).with_suffix(".tiff")


def write_map(result: ViewResult, path: Path) -> None:
    """Write the map that a view was judged by, at the size of the picture; 0 outside of the region of interest.

    Raises:
        BadInputError: The folder cannot be written.
    """
    view, judged_map = result.inspection, result.judged_map
    assert judged_map is not None, "a judged view has a map"
    content = encode_float_tiff(full_size_map(judged_map, result.roi, (view.height, view.width)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"{path.parent} cannot be made: {reason_of(error)}.", _ELSEWHERE) from error
    write_for_person(path, content, _ELSEWHERE)
