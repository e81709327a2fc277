"""Where in a picture parts are inspected: what a model is taught on, and what its limits rest on."""

from dataclasses import dataclass
from datetime import datetime

from station.domain.geometry import Box, RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_location import SearchRange
from station.domain.recipe import View


@dataclass(frozen=True, slots=True)
class InspectedPlace:
    """Region of interest and ignore mask of a view, and whether they move with the part.

    Attributes:
        roi: The region, None for the whole picture.
        ignore: Pixels that are not judged; None to judge the whole region.
        search: How far the part is looked for; None if it always lies in one place.
    """

    roi: RegionOfInterest | None = None
    ignore: IgnoreMask | None = None
    search: SearchRange | None = None

    @classmethod
    def of(cls, view: View) -> "InspectedPlace":
        """Return the place that a view of a recipe inspects."""
        return cls(view.roi, view.ignore, view.location.search if view.location else None)

    @property
    def words(self) -> str:
        """Return the place for people: "region 640 x 480 px at 10, 20, ignore mask 4 % of 800 x 600 px"; "" for all."""
        roi = self.roi
        region = f"region {roi.width} x {roi.height} px at {roi.x}, {roi.y}" if roi else ""
        mask = f"ignore mask {self.ignore.words}" if self.ignore else ""
        return ", ".join(filter(None, (region, mask, f"part looked for {self.search.words}" if self.search else "")))

    @property
    def box(self) -> Box | None:
        """Return x, y, width, height of the region; those of the mask's picture without one; None if nothing is set."""
        if self.roi is not None:
            return self.roi.box
        return (0, 0, self.ignore.width, self.ignore.height) if self.ignore else None


WHOLE_PICTURE = InspectedPlace()


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A place that a person drew for a view before it was taught, and when."""

    place: InspectedPlace
    at: datetime
