"""The one camera that people look through outside a run of the line."""

from typing import TYPE_CHECKING

from station.domain.camera import DiscoveryResult
from station.domain.errors import CameraError

if TYPE_CHECKING:
    from station.camera_setup.line_look import LineLook
    from station.camera_setup.preview import Preview


class PreviewSlot:
    """Holds at most one preview; a new one waits until the one before has released its camera.

    Attributes:
        preview: The newest preview or look at the line, also after it was stopped; None before the first.
        discovered: The cameras that were found last; None before the first search.
    """

    def __init__(self) -> None:
        self.preview: Preview | LineLook | None = None
        self.discovered: DiscoveryResult | None = None

    def connected(self) -> "Preview | LineLook":
        """Return the preview.

        Raises:
            CameraError: No camera is connected.
        """
        if self.preview is None:
            raise CameraError("No camera is connected.", "Connect one first.")
        return self.preview

    def disconnect(self) -> None:
        """Release the camera soon. Returns at once."""
        if self.preview:
            self.preview.stop()

    def wait_disconnected(self, timeout_s: float) -> bool:
        """Wait until the camera is released; return whether that came in time."""
        return self.preview is None or self.preview.wait_released(timeout_s)
