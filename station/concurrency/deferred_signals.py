"""Ctrl+C and a polite kill wait until what is being done is done."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], object]


@contextmanager
def defer_signals() -> Iterator[Callable[[], None]]:
    """A signal that would end the program waits until it is let in; a second one does not wait.

    A signal that raises between two lines of Python could lose what the first of them took. Threads other than the
    main one meet no signals, and nothing is held back there.

    Yields:
        Lets in what came: to be called where nothing is in hand.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before: dict[int, _Handler] = {
        number: handler for number in (signal.SIGINT, signal.SIGTERM) if (handler := _handler(number))
    }
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            before[number](number, frame)

    def let_in() -> None:
        if came:
            before[came[0]](came[0], None)

    for number in before:
        signal.signal(number, note)
    try:
        yield let_in
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handler(number: int) -> _Handler | None:
    """The program's own; None where the system decides."""
    handler = signal.getsignal(number)
    return handler if callable(handler) else None
