"""What the verdict band says: always the live part, a FAIL for at least a second, an old verdict only as history."""

from dataclasses import dataclass

from station.domain.formatting import age
from station.domain.inspection import Inspection
from station.domain.pace import Pace
from station.domain.verdict import Verdict

NOW, LAST = "NOW", "LAST"

FAIL_HELD_S = 1.0
"""A FAIL is shown at least this long, however fast the next parts come, seconds."""

PAST_PART_SHOWN_S = 20.0
"""A past part gives way to the live one after this time without a touch or a key, seconds."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The small plate beside the band's large words.

    Attributes:
        title: "NOW" beside a FAIL that is held, "LAST" beside a line that waits.
        verdict: Its verdict.
        detail: "part 0413", or "part 0412, 1 min 35 s ago".
    """

    title: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class BandContent:
    """What the band says of the parts of the line.

    Attributes:
        verdict: Shown large; None if no verdict is current.
        part: The number of that part, such as "0412"; "" without a verdict.
        beside: The small plate; None if there is no need for one.
    """

    verdict: Verdict | None = None
    part: str = ""
    beside: Beside | None = None


class LiveVerdict:
    """Knows the newest part, the newest FAIL, and the pace of the line. Used by one thread.

    PASS 0411, FAIL 0412 at 0.00 s   ->  FAIL
    PASS 0413 at 0.25 s              ->  FAIL, beside it "NOW PASS part 0413", until 1.00 s
    nothing more comes               ->  from the fourth usual interval on: no verdict, "LAST PASS, 40 s ago"
    """

    def __init__(self) -> None:
        self.pace = Pace()
        self._newest: Inspection | None = None
        self._newest_s = 0.0
        self._fail: Inspection | None = None
        self._fail_s = 0.0

    def add_part(self, inspection: Inspection, now_s: float) -> None:
        """Note a part that is judged now."""
        self.pace.add(now_s, inspection.triggered_at.timestamp())
        self._newest, self._newest_s = inspection, now_s
        if inspection.verdict is Verdict.FAIL:
            self._fail, self._fail_s = inspection, now_s

    def forget(self) -> None:
        """Know no part any more: a new run begins."""
        self.pace.forget()
        self._newest = self._fail = None

    def outlived(self, now_s: float) -> bool:
        """Return whether the newest verdict is no longer current."""
        return self._newest is not None and self.pace.outlived(now_s)

    def content(self, now_s: float) -> BandContent:
        """Return what the band says now, while the line inspects and its pictures are live."""
        newest = self._newest
        if newest is None:
            return BandContent()
        if self.outlived(now_s):
            ago = f"part {newest.key.label}, {age(now_s - self._newest_s)} ago"
            return BandContent(beside=Beside(LAST, newest.verdict, ago))
        held = self._held(newest, now_s)
        if held is None:
            return BandContent(newest.verdict, newest.key.label)
        return BandContent(held.verdict, held.key.label, Beside(NOW, newest.verdict, f"part {newest.key.label}"))

    def _held(self, newest: Inspection, now_s: float) -> Inspection | None:
        """Return the FAIL that is still held although a newer part has come."""
        if self._fail is None or self._fail is newest or now_s - self._fail_s >= FAIL_HELD_S:
            return None
        return self._fail
