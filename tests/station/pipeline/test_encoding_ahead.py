import os
import sys
import threading
import time
from datetime import UTC, datetime

import numpy as np
import pytest
from view_result import view_result

from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, without_pictures
from station.domain.verdict import Verdict
from station.pipeline.encoding_ahead import EncodingAhead

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = np.zeros((4, 4), np.uint8)


def part(number: int) -> PartResult:
    view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1)
    return PartViews(Inspection(PartKey(1, number), NOON, (view,)), (view_result(PICTURE, PICTURE),))


def test_that_parts_are_encoded_on_other_threads_each_once() -> None:
    seen: list[tuple[int, bool, str]] = []
    ahead = EncodingAhead(
        lambda part, keep: seen.append((part.inspection.key.part, keep, threading.current_thread().name))
    )
    parts = [part(number) for number in range(1, 4)]
    ahead.begin((each, each is parts[1]) for each in parts)
    ahead.begin((each, each is parts[1]) for each in parts)
    for each in parts:
        ahead.result(each)
    ahead.close()
    assert sorted((number, keep) for number, keep, _ in seen) == [(1, False), (2, True), (3, False)]
    assert all(thread.startswith("lineside encoding") for *_, thread in seen)


def test_that_the_caller_waits_for_the_part_it_asks_for_and_not_for_those_behind_it() -> None:
    held = threading.Event()

    def encode(part: PartResult, keep: bool) -> int:
        if part.inspection.key.part == 2:
            assert held.wait(10)
        return part.inspection.key.part

    ahead = EncodingAhead(encode)
    parts = [part(1), part(2)]
    ahead.begin((each, True) for each in parts)
    assert ahead.result(parts[0]) == 1
    held.set()
    assert ahead.result(parts[1]) == 2
    ahead.close()


def test_that_a_part_that_lost_its_pictures_meanwhile_is_encoded_without_them() -> None:
    ahead = EncodingAhead(lambda part, keep: part.views[0].original is not None)
    whole = part(1)
    bare = without_pictures(whole)
    ahead.begin([(whole, True)])
    assert ahead.result(bare) is None
    ahead.begin([(bare, True)])
    assert ahead.result(bare) is False
    ahead.close()


def test_that_a_part_that_cannot_be_encoded_has_no_result_and_holds_up_no_other() -> None:
    def encode(part: PartResult, keep: bool) -> float:
        return 1 / (part.inspection.key.part - 1)

    ahead = EncodingAhead(encode)
    parts = [part(1), part(2)]
    ahead.begin((each, True) for each in parts)
    assert [ahead.result(each) for each in parts] == [None, 1.0]
    ahead.close()


def test_that_its_threads_end_and_a_recorded_part_is_released() -> None:
    before = threading.enumerate()
    ahead = EncodingAhead(lambda part, keep: time.sleep(0.01))
    one, two = part(1), part(2)
    ahead.begin([(one, True), (two, True)])
    ahead.result(one)
    ahead.forget(one.inspection.key)
    assert ahead.result(one) is None
    ahead.close()
    assert not [each for each in threading.enumerate() if each.name == "lineside encoding" and each not in before]


@pytest.mark.parametrize("cores", [None, 1, 64])
def test_that_few_parts_are_held_whatever_the_machine(monkeypatch: pytest.MonkeyPatch, cores: int | None) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert 2 <= EncodingAhead(lambda part, keep: None).depth <= 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_that_parts_are_encoded_even_if_the_system_has_no_thread_left(monkeypatch) -> None:
    refused = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "lineside encoding":
            raise RuntimeError("can't start new thread")
        refused(thread)

    def record(seen: list[int | None]) -> None:
        ahead = EncodingAhead(lambda part, keep: part.inspection.key.part)
        parts = [part(number) for number in range(1, 4)]
        ahead.begin((each, True) for each in parts)
        seen.extend(ahead.result(each) for each in parts)
        seen.append(os.getpriority(os.PRIO_PROCESS, 0) - os.getpriority(os.PRIO_PROCESS, os.getpid()))
        ahead.close()

    monkeypatch.setattr(threading.Thread, "start", refuse)
    seen: list[int | None] = []
    recorder = threading.Thread(target=record, args=(seen,))
    recorder.start()
    recorder.join()
    assert seen[:3] == [1, 2, 3]
    niceness = seen[3]
    assert niceness is not None
    assert niceness <= 5  # once nice, however many parts were encoded there
