"""The timeline of docs/one_frame.md, replayed: two cameras, and everything that can go wrong between them."""

import ast
import re
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, PartTime
from station.matching.capture import Capture
from station.matching.frame_matcher import FrameMatcher, MatchingMode, MatchingRules
from station.matching.frame_queue import FrameQueue
from station.matching.part_ledger import PartLedger

ROOT = Path(__file__).parents[3]
TOP, SIDE = "top", "side"


def frame(came_s: float) -> Frame:
    return Frame(np.zeros((4, 4), np.uint8), 1, datetime.now(UTC), round(came_s * 1e9), f"{came_s:.2f}")


def loss(before_s: float) -> LostFrame:
    return LostFrame(1, NotInspectedCause.LOST_FRAME, "lost", before_ns=round(before_s * 1e9))


class Timeline:
    """A matcher whose clock and deliveries the test sets."""

    def __init__(self) -> None:
        self.now_s = 0.5
        self.ledger = PartLedger(1)
        self.queues = {view: FrameQueue(100) for view in (TOP, SIDE)}
        rules = MatchingRules(MatchingMode.TIMESTAMP, picture_timeout_s=2.0, views_within_s=0.3, later_s={})
        self.matcher = FrameMatcher(self.ledger, self.queues, rules, clock=lambda: self.now_s)
        self.records: dict[int, dict[str, str]] = {}

    def deliver(self, view: str, delivery: Frame | LostFrame, at_s: float) -> int:
        """Let a camera deliver at this time; return the number of parts that are open from then on."""
        self.now_s = at_s
        self.matcher.add_delivery(view, delivery)
        return self.ledger.opened

    def expire(self, view: str, until_s: float) -> None:
        """Let a camera deliver nothing until this time."""
        self.now_s = until_s
        self.matcher.expire_pending(view, until_s)

    def collect(self) -> dict[int, dict[str, str]]:
        """Return what each view of each part got so far: the time of its frame, or the cause why it has none."""
        for view, queue in self.queues.items():
            while capture := queue.take_capture(0):
                got = capture.cause.name if capture.cause else capture.origin
                self.records.setdefault(capture.trigger.key.part, {})[view] = got
        return self.records


@pytest.fixture
def timeline() -> Timeline:
    """Ten parts, one each second, that both cameras saw."""
    timeline = Timeline()
    for number in range(1, 11):
        timeline.deliver(TOP, frame(number), number)
        timeline.deliver(SIDE, frame(number + 0.02), number + 0.02)
        timeline.expire(TOP, number + 0.4)
    assert [set(views) for views in timeline.collect().values()] == [{TOP, SIDE}] * 10
    return timeline


def replay(timeline: Timeline) -> None:
    """Replay the parts 11 to 17 of docs/one_frame.md; the assertions are its sentences."""
    assert timeline.deliver(TOP, frame(11.00), 11.01) == 11
    timeline.deliver(SIDE, frame(11.02), 11.03)
    assert timeline.collect()[11] == {TOP: "11.00", SIDE: "11.02"}, "matched at once: 0.02 s is close"

    assert timeline.deliver(TOP, frame(12.00), 12.01) == 12
    timeline.expire(SIDE, 12.25)
    assert SIDE not in timeline.collect()[12], "it may still come"
    timeline.expire(SIDE, 12.35)
    assert timeline.collect()[12][SIDE] == "NO_PICTURE_IN_TIME", "given up after the window"

    assert timeline.deliver(TOP, frame(13.00), 13.01) == 13
    assert timeline.deliver(SIDE, loss(before_s=13.02), 13.03) == 13, "the loss is that of part 12"
    timeline.deliver(SIDE, frame(13.02), 13.03)
    assert timeline.collect()[13] == {TOP: "13.00", SIDE: "13.02"}

    assert timeline.deliver(TOP, frame(14.00), 14.01) == 14
    assert timeline.deliver(SIDE, frame(14.20), 14.21) == 14
    assert SIDE not in timeline.collect()[14], "undecided: the top camera may have seen a nearer part"
    assert timeline.deliver(TOP, frame(14.20), 14.22) == 15
    assert timeline.collect()[15] == {TOP: "14.20", SIDE: "14.20"}, "the top camera's frame decides it"
    assert timeline.collect()[14] == {TOP: "14.00", SIDE: "NO_PICTURE_IN_TIME"}

    assert timeline.deliver(TOP, loss(before_s=16.00), 16.01) == 16, "a part of unknown time"
    assert timeline.deliver(TOP, frame(16.00), 16.01) == 17
    assert timeline.deliver(SIDE, frame(15.02), 16.02) == 17, "the side's frame shows the part that the top camera lost"
    timeline.deliver(SIDE, frame(16.02), 16.03)
    timeline.expire(TOP, 16.50)
    timeline.expire(SIDE, 16.50)


def test_that_every_frame_of_the_timeline_finds_its_part(timeline: Timeline) -> None:
    replay(timeline)
    records = {number: views for number, views in timeline.collect().items() if number > 10}
    assert records[16] == {TOP: "LOST_FRAME", SIDE: "15.02"}
    assert not timeline.matcher.is_waiting
    assert records == documented_records()


def documented_records() -> dict[int, dict[str, str]]:
    """Return the last table of the timeline in docs/one_frame.md."""
    rows = re.findall(r"^\| part (\d+) \| (\S+) \| (\S+) \|", (ROOT / "docs/one_frame.md").read_text("utf-8"), re.M)
    return {int(number): {TOP: top, SIDE: side} for number, top, side in rows}


def test_that_the_documented_way_of_a_frame_names_at_most_twenty_files_that_exist() -> None:
    text = (ROOT / "docs/one_frame.md").read_text("utf-8")
    steps = re.findall(r"^\| \d+ \| `([\w/]+\.py)` \|", text, re.M)
    assert 10 < len(steps) <= 20
    assert [name for name in re.findall(r"`((?:station|tests)/[\w/]+\.py)`", text) if not (ROOT / name).is_file()] == []


def test_that_a_frame_is_undecided_for_two_seconds_at_most(timeline: Timeline) -> None:
    timeline.deliver(TOP, frame(11.00), 11.01)
    assert timeline.deliver(SIDE, frame(11.20), 11.21) == 11
    timeline.expire(SIDE, 13.20)
    assert timeline.ledger.opened == 11
    timeline.expire(SIDE, 13.22)
    assert timeline.ledger.opened == 12, "a part of its own: it is never guessed which part it shows"
    assert timeline.collect()[11] == {TOP: "11.00", SIDE: "NO_PICTURE_IN_TIME"}
    assert timeline.collect()[12] == {TOP: "NO_PICTURE_IN_TIME", SIDE: "11.20"}


def test_that_a_part_time_is_never_changed_but_replaced() -> None:
    time = PartTime(12.0, 11.0)
    with pytest.raises(FrozenInstanceError):
        time.at_s = 11.5  # type: ignore[misc]
    assert (time.may_be(11.5, 0.3), time.may_be(11.2, 0.3), time.may_be(11.8, 0.3)) == (True, False, False)


def test_that_a_part_time_that_becomes_known_reaches_the_other_cameras() -> None:
    ledger, unknown = PartLedger(1), PartTime(12.0, 11.0)
    track = CameraTrack(FrameQueue(2))
    first, second = (Capture.of(ledger.open_part("test"), TOP) for _ in range(2))
    track.add_pending(first, unknown)
    track.add_pending(second, unknown)
    track.set_part_time(first.trigger.key, PartTime(11.5))
    assert [pending.time for pending in track.pending] == [PartTime(11.5), unknown]


@pytest.mark.parametrize("source", sorted((ROOT / "station/matching").glob("*.py")), ids=lambda path: path.name)
def test_that_matching_imports_domain_alone_and_starts_no_thread(source: Path) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    strangers = {name for name in modules if name.startswith(("station", "ui", "plugins"))}
    assert all(name.startswith(("station.domain.", "station.matching.")) for name in strangers), strangers
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names.isdisjoint({"Thread", "Timer", "ThreadPoolExecutor", "Process"})
