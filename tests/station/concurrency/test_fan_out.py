"""News goes to any number of readers, and none of them holds up the publisher or another reader."""

import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inbox import all_waiting

from station.concurrency.fan_out import FanOut
from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.domain.messages import FaultReported, LineState, LineStateChanged, MessagesMissed, PartRecorded


def message(number: int) -> PartRecorded:
    return PartRecorded(PartKey(1, number))


def numbers(messages: list) -> list[int]:
    return [each.key.part for each in messages]


def test_that_every_reader_receives_every_message_in_order() -> None:
    news = FanOut()
    readers = [news.subscribe() for _ in range(3)]
    for number in range(5):
        news.publish(message(number))
    assert [numbers(all_waiting(reader)) for reader in readers] == [[0, 1, 2, 3, 4]] * 3


def test_that_a_reader_receives_the_kinds_it_asked_for() -> None:
    news = FanOut()
    faults, parts = news.subscribe(FaultReported), news.subscribe(PartRecorded, LineStateChanged)
    sent = [message(1), FaultReported("disk", "full", "free some", "Call."), LineStateChanged(LineState.WAITING)]
    for each in sent:
        news.publish(each)
    assert (all_waiting(faults), all_waiting(parts)) == ([sent[1]], [sent[0], sent[2]])


def test_that_a_reader_that_fell_behind_is_informed_before_it_reads_on() -> None:
    news = FanOut()
    slow = news.subscribe(capacity=3)
    before = utc_now()
    news.publish(message(1))
    after = utc_now()
    time.sleep(0.002)
    for number in range(2, 6):
        news.publish(message(number))
    missed, *rest = all_waiting(slow)
    assert isinstance(missed, MessagesMissed)
    assert missed.count == 2
    assert before <= missed.since <= after
    assert numbers(rest) == [3, 4, 5]
    news.publish(message(6))
    assert numbers(all_waiting(slow)) == [6], "it has caught up"


def test_that_a_closed_reader_receives_nothing_more_and_can_read_its_queue() -> None:
    news = FanOut()
    reader = news.subscribe()
    news.publish(message(1))
    reader.close()
    reader.close()
    news.publish(message(2))
    assert numbers(all_waiting(reader)) == [1]


def test_that_a_waiting_reader_wakes_at_a_message_and_gives_up_after_its_time() -> None:
    news = FanOut()
    reader = news.subscribe()
    assert reader.next_message(0.01) is None
    threading.Timer(0.05, news.publish, [message(7)]).start()
    assert reader.next_message(30) == message(7)


def test_that_messages_from_many_threads_reach_all_readers_in_one_order() -> None:
    news = FanOut()
    one, other = news.subscribe(), news.subscribe()
    threads = [
        threading.Thread(target=lambda first=first: [news.publish(message(first + n)) for n in range(300)])
        for first in range(0, 1200, 300)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = numbers(all_waiting(one))
    assert received == numbers(all_waiting(other))
    assert sorted(received) == list(range(1200))


@pytest.mark.slow
def test_that_a_sleeping_reader_takes_no_more_memory_however_many_messages_come() -> None:
    news = FanOut()
    awake, asleep = news.subscribe(), news.subscribe(capacity=500)
    for number in range(500):
        news.publish(message(number))
    tracemalloc.start()
    try:
        for number in range(500, 50_000):
            news.publish(message(number))
            awake.next_message()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert asleep.waiting == 500
    assert grown < 500_000, "bytes for 49,500 messages"
    missed, *rest = all_waiting(asleep)
    assert isinstance(missed, MessagesMissed)
    assert missed.count == 49_500
    assert numbers(rest) == list(range(49_500, 50_000))


def test_that_a_reader_is_woken_for_the_kinds_it_asked_for_until_it_closes() -> None:
    news, woken = FanOut(), []
    reader = news.subscribe()
    reader.wake_for((FaultReported,), lambda: woken.append(reader.waiting))
    news.publish(message(1))
    news.publish(FaultReported("disk", "full", "free some", "The disk is full."))
    assert woken == [2], "once, after the message was added"
    reader.close()
    news.publish(FaultReported("disk", "full", "free some", "The disk is full."))
    assert woken == [2]


def test_that_no_reader_waits_until_another_one_is_woken() -> None:
    news, read = FanOut(), []
    quick, slow = news.subscribe(), news.subscribe()
    with ThreadPoolExecutor(1) as thread:
        slow.wake_for((PartRecorded,), lambda: read.append(thread.submit(quick.next_message).result(timeout=10)))
        news.publish(message(1))
    assert read == [message(1)]


@given(st.lists(st.one_of(st.just("publish"), st.just("read")), max_size=80), st.integers(1, 6))
def test_that_a_reader_accounts_for_every_message(steps: list[str], capacity: int) -> None:
    """What was read, what is reported as missed and what waits add up to what was published, without a gap."""
    news = FanOut()
    reader = news.subscribe(capacity=capacity)
    published, due = 0, 0
    for step in [*steps, *["read"] * (capacity + 2)]:
        if step == "publish":
            news.publish(message(published))
            published += 1
            continue
        received = reader.next_message()
        if isinstance(received, MessagesMissed):
            assert isinstance(received.since, datetime)
            due += received.count
        elif isinstance(received, PartRecorded):
            assert received.key.part == due
            due += 1
    assert due == published
