"""The scanned serial that waits for its part: the next part that is opened, or none if there is any doubt."""

import threading
import time
from collections.abc import Callable

from station.domain.clock import utc_now
from station.domain.messages import CodeScanned, Message
from station.domain.scanned_code import CodeUse, ScannedCode, shown


class WaitingSerial:
    """Holds at most one serial. Safe from any thread.

    empty --offer--> waiting --a part is opened--> empty, and the part has the serial
                        |-- valid_s is over -----> empty, said
                        +-- another serial ------> in doubt: no serial is taken until the next part is opened, said
    """

    def __init__(
        self, valid_s: float, publish: Callable[[Message], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start without a serial.

        Args:
            valid_s: A serial waits no longer for its part, seconds.
            publish: Takes the message about a serial that is not kept; must not wait.
            clock: Monotonic seconds.
        """
        self._valid_s = valid_s
        self._publish = publish
        self._clock = clock
        self._lock = threading.Lock()
        self._serial = ""
        self._since_s = 0.0
        self._in_doubt = False

    def offer(self, serial: str) -> ScannedCode:
        """Let a serial wait for the next part. Return what becomes of it; the code's text is the serial."""
        with self._lock:
            before = self._serial if self._is_valid else ""
            if self._in_doubt or before not in ("", serial):
                self._serial, self._in_doubt = "", True
                return _code(serial, CodeUse.REFUSED, _two_serials(before, serial))
            self._serial, self._since_s = serial, self._clock()
        return _code(serial, CodeUse.SERIAL, f"{shown(serial)} is the serial of the next part.")

    def take(self) -> str:
        """Return the serial of the part that is opened now; "" if it has none."""
        with self._lock:
            serial, valid = self._serial, self._is_valid
            self._serial, self._in_doubt = "", False
        if serial and not valid:
            late = f"{shown(serial)} was scanned too long before the part: not kept. Scan the part again."
            self._publish(CodeScanned(_code(serial, CodeUse.REFUSED, late)))
            return ""
        return serial

    def forget(self) -> None:
        """Forget the serial: a run begins or ends, and the next part may be another one."""
        with self._lock:
            serial, self._serial, self._in_doubt = self._serial, "", False
        if serial:
            words = f"{shown(serial)} was scanned and no part came: not kept. Scan the part again."
            self._publish(CodeScanned(_code(serial, CodeUse.REFUSED, words)))

    @property
    def _is_valid(self) -> bool:
        return self._clock() - self._since_s <= self._valid_s


def _two_serials(before: str, serial: str) -> str:
    both = f"{shown(before)} and {shown(serial)}" if before else shown(serial)
    return f"Several serials were scanned before one part: {both} not kept. Scan one for the part after the next."


def _code(serial: str, use: CodeUse, sentence: str) -> ScannedCode:
    return ScannedCode(serial, utc_now(), use, sentence)
