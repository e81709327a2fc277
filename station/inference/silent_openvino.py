"""Import OpenVINO without its telemetry. All of this program imports OpenVINO from here.

If OpenVINO finds its telemetry package, it reports its use over the network at import, and leaves an identifier in the
home folder. A station has no network, so the package is hidden before OpenVINO looks for it.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino as ov  # noqa: E402 - only after the line above
from openvino import opset13 as opset  # noqa: E402

__all__ = ["opset", "ov"]
