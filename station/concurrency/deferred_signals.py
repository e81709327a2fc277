"""Ctrl+C and SIGTERM wait until the part in hand is delivered."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], object]


@contextmanager
def defer_signals() -> Iterator[Callable[[], None]]:
    """Delay a signal that would end the program until the yielded function is called; a second one is not delayed.

    SIGINT between "remove a part from the queue" and "deliver it" would lose the part. Python delivers signals on the
    main thread only, so on other threads nothing is delayed.

    Yields:
        Handles the delayed signal. Call it while no part is between queue and reader.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before: dict[int, _Handler] = {
        number: handler for number in (signal.SIGINT, signal.SIGTERM) if (handler := _handler(number))
    }
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if len(received) > 1:
            before[number](number, frame)

    def handle_received() -> None:
        if received:
            before[received[0]](received[0], None)

    for number in before:
        signal.signal(number, note)
    try:
        yield handle_received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handler(number: int) -> _Handler | None:
    """Return the program's own handler; None if the operating system handles the signal."""
    handler = signal.getsignal(number)
    return handler if callable(handler) else None
