"""The one door to OpenVINO.

OpenVINO reports its use over the network at import, and leaves an identifier in the home folder, where its telemetry
package is found. A station has neither network nor account: the package is hidden before OpenVINO looks for it.
Everything in this program that needs OpenVINO takes it from here.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino as ov  # noqa: E402 - only after the line above

__all__ = ["ov"]
