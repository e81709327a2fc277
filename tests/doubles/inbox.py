"""What a test reads of a station's messages."""

from collections.abc import Callable
from typing import TypeVar

from waiting import SOON_S

from station.concurrency.fan_out import Subscription
from station.domain.messages import ReceivedMessage

T = TypeVar("T")


def all_waiting(inbox: Subscription) -> list[ReceivedMessage]:
    """Every message in the queue."""
    messages = []
    while (message := inbox.next_message()) is not None:
        messages.append(message)
    return messages


def next_of(inbox: Subscription, kind: type[T], accepts: Callable[[T], bool] = lambda _: True) -> T:
    """The next message of this kind that is accepted; those before it are dropped."""
    while True:
        message = inbox.next_message(SOON_S)
        assert message is not None, f"no {kind.__name__} came"
        if isinstance(message, kind) and accepts(message):
            return message
