"""What a measurement has to say of the machine that it was made on."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from station.inference.silent_openvino import ov

_CPUINFO = Path("/proc/cpuinfo")
_OF_INTEREST = ("sse4_2", "avx", "fma", "f16c", "amx", "asimd", "sve", "neon", "bf16", "i8mm")


def machine(precision: str) -> dict[str, object]:
    """Return the description of this machine.

    Args:
        precision: In which the measured model computes, such as "f32".
    """
    described = _cpuinfo()
    return {
        "processor": described.get("model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "cpu_flags": cpu_flags(described),
        "cpu_precisions": sorted(ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
        "precision": precision,
        "system": platform.platform(),
        "python": platform.python_version(),
        "openvino": version("openvino"),
        "lineside": version("lineside"),
    }


def cpu_flags(described: Mapping[str, str]) -> list[str]:
    """Return the instruction sets that a model's speed depends on.

    Args:
        described: The lines of a core in /proc/cpuinfo; empty on other systems, where numpy's own list has to do.
    """
    flags = described.get("flags") or described.get("Features") or ""
    if not flags:
        return sorted(np.show_config(mode="dicts")["SIMD Extensions"]["found"])
    return sorted(flag for flag in flags.split() if flag.startswith(_OF_INTEREST))


def _cpuinfo() -> dict[str, str]:
    """Return what Linux says of the first core."""
    if not _CPUINFO.exists():
        return {}
    lines = _CPUINFO.read_text().split("\n\n")[0].splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
