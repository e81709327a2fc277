"""The command for codes that a scanner has read: each arrives whole, and is used or said to be unused."""

from collections.abc import Callable

from station.commands.lots import LotCommands
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.domain.messages import CodeScanned, LineState, Message
from station.domain.permissions import Authority, Permission
from station.domain.scanned_code import CodeUse, ScannedCode, data_of, shown
from station.pipeline.line_control import LineControl
from station.pipeline.waiting_serial import WaitingSerial
from station.settings import ScannerSettings

_OPENS_PARTS = (LineState.WAITING, LineState.INSPECTING, LineState.CAMERA_LOST, LineState.CHECK_DUE)


class ScannerCommands:
    """Where codes go: to the next part as its serial, or to all parts from the next one on as their lot or order."""

    def __init__(
        self,
        authority: Authority,
        settings: ScannerSettings,
        line: LineControl,
        serial: WaitingSerial,
        lots: LotCommands,
        publish: Callable[[Message], None],
    ) -> None:
        self._authority = authority
        self._settings = settings
        self._line = line
        self._serial = serial
        self._lots = lots
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

    def is_meant(self, text: str) -> bool:
        """Return whether a code is a serial, a lot or an order by its beginning; quick."""
        return self._use_of(data_of(text)) is not CodeUse.NOT_USED

    def is_lot(self, text: str) -> bool:
        """Return whether a code is a lot or an order: such a code is written to the disk, which may take a moment."""
        return self._use_of(data_of(text)) in (CodeUse.LOT, CodeUse.ORDER)

    def _use_of(self, data: str) -> CodeUse:
        """Return what a code is by its beginning; of several prefixes the longest counts."""
        settings = self._settings
        prefixes = (
            (settings.serial_prefix, CodeUse.SERIAL),
            (settings.lot_prefix, CodeUse.LOT),
            (settings.order_prefix, CodeUse.ORDER),
        )
        meant = [(len(prefix), use) for prefix, use in prefixes if prefix and data.startswith(prefix)]
        return max(meant, key=lambda each: each[0], default=(0, CodeUse.NOT_USED))[1]

    def _used(self, text: str, field: str) -> ScannedCode:
        data = data_of(text)
        use = self._use_of(data)
        if field:
            return _code(text, CodeUse.IN_A_FIELD, f"Scanned: {shown(text)}, written into {field}.")
        if use in (CodeUse.LOT, CodeUse.ORDER):
            return self._set(text, data, use)
        if use is CodeUse.NOT_USED:
            return _code(text, CodeUse.NOT_USED, f"Scanned: {shown(text)}, not used here.")
        if len(data) < self._settings.serial_min_length:
            return _code(text, CodeUse.REFUSED, f"Scanned: {shown(text)}, too short for a serial. Scan it again.")
        if self._line.state not in _OPENS_PARTS:
            words = f"Scanned: {shown(text)}. The line is not inspecting, so no part has this serial."
            return _code(text, CodeUse.REFUSED, words)
        offered = self._serial.offer(data)
        return _code(text, offered.use, f"Scanned: {offered.sentence}")

    def _set(self, text: str, data: str, use: CodeUse) -> ScannedCode:
        try:
            self._lots.set(data) if use is CodeUse.LOT else self._lots.set(order=data)
        except StationError as error:
            return _code(text, CodeUse.REFUSED, f"Scanned: {shown(text)}. {error.sentence} {error.advice}")
        return _code(text, use, f"Scanned: {shown(data)} is the {use} from the next part on.")


def _code(text: str, use: CodeUse, sentence: str) -> ScannedCode:
    return ScannedCode(text, utc_now(), use, sentence)
