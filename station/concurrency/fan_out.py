"""One publisher, any number of readers: every reader has a bounded queue of its own."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from station.domain.clock import utc_now
from station.domain.messages import Message, MessagesMissed, ReceivedMessage

QUEUE_CAPACITY = 4096
"""Messages that wait for one reader. More than twice the parts that may wait for the disk (2000 of each line)."""


class Subscription:
    """The queue of one reader. One thread reads it, any thread publishes to it.

    A full queue drops its oldest message. The reader is informed before it reads on. With a capacity of 3:

        publish 1 2 3 4 5  ->  read MessagesMissed(count=2), 3, 4, 5
    """

    def __init__(self, fan_out: "FanOut", kinds: tuple[type, ...], capacity: int) -> None:
        """Use `FanOut.subscribe`."""
        self._fan_out = fan_out
        self._urgent: tuple[type, ...] = ()
        self._wake: Callable[[], None] | None = None
        self._waking = threading.Lock()
        self._kinds = kinds
        self._arrived = threading.Condition(fan_out.lock)
        self._waiting: deque[tuple[datetime, Message]] = deque(maxlen=capacity)
        self._missed = 0
        self._missed_since: datetime | None = None

    @property
    def waiting(self) -> int:
        """Number of messages in the queue, at most its capacity."""
        return len(self._waiting)

    def next_message(self, timeout_s: float = 0.0) -> ReceivedMessage | None:
        """Remove and return the oldest message.

        Args:
            timeout_s: Longest wait for a message, seconds.

        Returns:
            `MessagesMissed` if messages were dropped since the last read; None if no message arrived in time.
        """
        with self._arrived:
            if timeout_s > 0 and not self._waiting:
                self._arrived.wait_for(lambda: self._waiting, timeout_s)
            if self._missed_since is not None:
                return self._take_missed(self._missed_since)
            return self._waiting.popleft()[1] if self._waiting else None

    def wake_for(self, kinds: tuple[type, ...], wake: Callable[[], None]) -> None:
        """Call `wake` after each message of these kinds, for a reader that cannot wait in `next_message`.

        Args:
            kinds: Message classes that must not wait until the reader looks by itself.
            wake: Called on the publishing thread when all readers have the message: it must return at once, and neither
                publish nor read. It is not called any more after `close`.
        """
        with self._arrived, self._waking:
            self._urgent, self._wake = kinds, wake

    def close(self) -> None:
        """Receive no more messages. Messages in the queue can still be read."""
        with self._waking:
            self._wake = None
        self._fan_out.remove_subscription(self)

    def wake_up(self, message: Message) -> None:
        """Wake the reader if it wants to be woken for such a message, which waits in its queue."""
        if self._wake is not None and isinstance(message, self._urgent):
            with self._waking:
                if self._wake is not None:  # closed meanwhile
                    self._wake()

    def enqueue(self, at: datetime, message: Message) -> None:
        """Add a message if its kind is subscribed. The caller holds the lock of the fan-out."""
        if self._kinds and not isinstance(message, self._kinds):
            return
        if len(self._waiting) == self._waiting.maxlen:
            self._missed += 1
            self._missed_since = self._missed_since or self._waiting[0][0]
        self._waiting.append((at, message))
        self._arrived.notify()

    def _take_missed(self, since: datetime) -> MessagesMissed:
        missed = MessagesMissed(self._missed, since)
        self._missed, self._missed_since = 0, None
        return missed


class FanOut:
    """The station's news: publishing costs the same few microseconds whether a reader sleeps, hangs or has ended.

    All readers see the messages in the same order. The lock is held only to add a message to the queues or to remove
    one from a queue.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._subscriptions: tuple[Subscription, ...] = ()

    def subscribe(self, *kinds: type, capacity: int = QUEUE_CAPACITY) -> Subscription:
        """Return a new queue that receives every message from now on.

        Args:
            kinds: Message classes to receive; all if not given.
            capacity: Most messages that wait for this reader.
        """
        subscription = Subscription(self, kinds, capacity)
        with self.lock:
            self._subscriptions = (*self._subscriptions, subscription)
        return subscription

    def remove_subscription(self, subscription: Subscription) -> None:
        """Send nothing more to this reader."""
        with self.lock:
            self._subscriptions = tuple(each for each in self._subscriptions if each is not subscription)

    def publish(self, message: Message) -> None:
        """Add a message to the queue of every reader. Never waits for a reader; callable from any thread.

        What wakes the window takes longer than a message, so no reader waits for it: it is called without the lock.
        """
        at = utc_now()
        with self.lock:
            subscriptions = self._subscriptions
            for subscription in subscriptions:
                subscription.enqueue(at, message)
        for subscription in subscriptions:
            subscription.wake_up(message)
