"""Fetches the pictures of the parts that flip, once the limits rest; those of earlier limits are dropped."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.formatting import score
from station.domain.limit_bench.flips import Flip
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, LimitBench, SeenPicture
from ui.actions.page_spec import PageContext
from ui.background.rendered_part import qimage
from ui.background.timers import single_timer
from ui.pages.limits.shown_limits import ShownLimits
from ui.widgets.flip_tiles import FlipTile, FlipTiles, TileWords, turn_words

_AFTER_MS = 150
_LABELS = {GOOD: "good: ", DEFECT: "defect: "}


class FlipPictures(QObject):
    """Fills the row of tiles, and each tile with its picture, one after the other."""

    def __init__(self, tiles: FlipTiles, context: PageContext, say: Callable[[str], object]) -> None:
        super().__init__(tiles)
        self._tiles, self._limits, self._tasks, self._say = tiles, context.station.limits, context.tasks, say
        self._wanted: tuple[LimitBench, ShownLimits] | None = None
        self._generation = 0
        self._timer = single_timer(self, _AFTER_MS, self._fetch)

    def show(self, bench: LimitBench, shown: ShownLimits) -> None:
        """Show what these limits flip, unless others follow at once."""
        self._wanted = bench, shown
        self._timer.start()

    def stop(self) -> None:
        """Show nothing more."""
        self._timer.stop()
        self._generation += 1

    def _fetch(self) -> None:
        if self._wanted is None:
            return
        bench, shown = self._wanted
        self._generation += 1
        self._tiles.show_flips([tile_words(flip) for flip in shown.flips.first])
        for flip, tile in zip(shown.flips.first, self._tiles.tiles, strict=True):
            self._fetch_one(partial(self._limits.picture, bench, flip.picture, shown.limits), tile, self._generation)

    def _fetch_one(self, fetch: Callable[[], SeenPicture], tile: FlipTile, generation: int) -> None:
        def still() -> bool:
            return generation == self._generation

        def show(found: list[SeenPicture]) -> None:
            for seen in found:
                if still():
                    tile.show_picture(None if seen.image is None else qimage(seen.image), seen.judged)

        def failed(error: StationError) -> None:
            if still():
                tile.show_picture(None, None)
                self._say(error.sentence)

        self._tasks.ask(lambda: [fetch()] if still() else [], show, failed)


def tile_words(flip: Flip) -> TileWords:
    """Return what the tile of a part or a labelled picture says."""
    picture = flip.picture
    name = f"part {picture.key.label}" if picture.key else picture.name.rpartition("/")[2]
    turn = f"{turn_words(flip.before, flip.after)}  {score(picture.score)}"
    return TileWords(flip.after, turn, name, _LABELS.get(picture.label, ""), picture.name)
