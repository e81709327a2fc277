"""The command for codes that a scanner has read: each arrives whole, and is used or said to be unused."""

from collections.abc import Callable

from station.domain.clock import utc_now
from station.domain.messages import CodeScanned, LineState, Message
from station.domain.permissions import Authority, Permission
from station.domain.scanned_code import CodeUse, ScannedCode, data_of, shown
from station.pipeline.line_control import LineControl
from station.pipeline.waiting_serial import WaitingSerial
from station.settings import ScannerSettings

_OPENS_PARTS = (LineState.WAITING, LineState.INSPECTING, LineState.CAMERA_LOST)


class ScannerCommands:
    """Where codes go: today to the part as its serial; a lot, an order or a badge gets its own prefix here."""

    def __init__(
        self,
        authority: Authority,
        settings: ScannerSettings,
        line: LineControl,
        serial: WaitingSerial,
        publish: Callable[[Message], None],
    ) -> None:
        self._authority = authority
        self._settings = settings
        self._line = line
        self._serial = serial
        self._publish = publish

    def receive_code(self, text: str, field: str = "") -> ScannedCode:
        """Use a code that was scanned, and publish what became of it. Returns at once; safe from any thread.

        Args:
            text: Everything that the scanner typed.
            field: The text field that has taken the code; such a code is used for nothing else.

        Raises:
            PermissionRefusedError: This role may not scan a code.
        """
        self._authority.authorise(Permission.SCAN_CODE)
        code = self._used(text.encode(errors="replace").decode(), field)
        self._publish(CodeScanned(code))
        return code

    def _used(self, text: str, field: str) -> ScannedCode:
        data, prefix = data_of(text), self._settings.serial_prefix
        if field:
            return _code(text, CodeUse.IN_A_FIELD, f"Scanned: {shown(text)}, written into {field}.")
        if not prefix or not data.startswith(prefix):
            return _code(text, CodeUse.NOT_USED, f"Scanned: {shown(text)}, not used here.")
        if len(data) < self._settings.serial_min_length:
            return _code(text, CodeUse.REFUSED, f"Scanned: {shown(text)}, too short for a serial. Scan it again.")
        if self._line.state not in _OPENS_PARTS:
            words = f"Scanned: {shown(text)}. The line is not inspecting, so no part has this serial."
            return _code(text, CodeUse.REFUSED, words)
        offered = self._serial.offer(data)
        return _code(text, offered.use, f"Scanned: {offered.sentence}")


def _code(text: str, use: CodeUse, sentence: str) -> ScannedCode:
    return ScannedCode(text, utc_now(), use, sentence)
