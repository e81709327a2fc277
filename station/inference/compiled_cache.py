"""Compiled models on disk, each under a key of all that its answers depend on.

OpenVINO keeps compiled models too. Asked by path, it does not see new weights of the same shape; and its one blob
serves all precisions, so that a model stored in f16 is computed from weights of 16 bits when f32 is asked for. Here
each precision has a file of its own, which starts with the SHA-256 of the rest: a file that was cut off or damaged is
not used, and the model is compiled again.
"""

import io
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from station.domain.digest import sha256_hex
from station.domain.disk import reason_of
from station.inference.model_package import ModelPackage
from station.inference.silent_openvino import ov
from station.workspace import write_atomically

MOST_KEPT = 40
"""As many compiled models are kept, of 7 to 14 MB each; the one that was used longest ago is removed first."""
_FOLDER = "openvino"
_ENDING = ".blob"
_DIGEST = 64
"""Hexadecimal digits at the start of a file."""
_OLD_FOLDERS = ("f32", "f16", "bf16")
"""Where OpenVINO's own cache was kept before."""
_log = logging.getLogger(__name__)

Configuration = Mapping[str, str | int]
Compile = Callable[[], "ov.CompiledModel"]


@dataclass(frozen=True, slots=True)
class CompiledKey:
    """What the answers of a compiled model depend on.

    Attributes:
        model: SHA-256 over the hashes of graph and weights.
        device: OpenVINO's name of the device.
        precision: "f32", "f16" or "bf16".
        made_on: Versions of OpenVINO and of the device: what an update or another machine changes.
    """

    model: str
    device: str
    precision: str
    made_on: str

    @property
    def file_name(self) -> str:
        """Return the name of its file."""
        return f"{self._same_model}{sha256_hex(self.made_on.encode())[:16]}{_ENDING}"

    @property
    def files_of_model(self) -> str:
        """Return the pattern of its file, and of those from other versions, that it replaces."""
        return f"{self._same_model}*{_ENDING}"

    @property
    def _same_model(self) -> str:
        return f"{self.model}-{self.device.replace('.', '_')}-{self.precision}-"


def key_of(core: "ov.Core", package: ModelPackage, device: str, precision: str) -> CompiledKey:
    """Return the key of a checked package on a device that is present."""
    files = package.manifest.files
    made_on = (ov.get_version(), core.get_property(device, "FULL_DEVICE_NAME"), _capabilities(core, device))
    return CompiledKey(sha256_hex(f"{files.graph}{files.weights}".encode()), device, precision, "\n".join(made_on))


class CompiledCache:
    """The folder of compiled models. It may be emptied at any time, and serves several processes."""

    def __init__(self, folder: Path) -> None:
        """Keep compiled models in a folder of this one."""
        self._folder = folder / _FOLDER
        self._before = [folder / name for name in _OLD_FOLDERS]

    def get_or_compile(
        self,
        core: "ov.Core",
        key: CompiledKey,
        configuration: Configuration,
        compile_model: Compile,
    ) -> "ov.CompiledModel":
        """Return the compiled model from its file, or compile it and keep it for the next time.

        Args:
            core: OpenVINO.
            key: What was asked for.
            configuration: How it is run: number of threads and the like.
            compile_model: Compiles it; its errors are passed on.
        """
        if "EXPORT_IMPORT" not in _capabilities(core, key.device):
            return compile_model()
        kept = self._load(core, key, configuration)
        if kept is not None:
            return kept
        compiled = compile_model()
        self._keep(key, compiled)
        return compiled

    def _load(self, core: "ov.Core", key: CompiledKey, configuration: Configuration) -> "ov.CompiledModel | None":
        path = self._folder / key.file_name
        try:
            content = memoryview(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("The compiled model %s cannot be read (%s): compiled again.", path, reason_of(error))
            return None
        blob = content[_DIGEST:]
        if sha256_hex(blob).encode() != content[:_DIGEST]:
            _log.warning("The compiled model %s was cut off or damaged: compiled again.", path)
            return None
        try:
            compiled = core.import_model(io.BytesIO(blob), key.device, dict(configuration))
        except RuntimeError as error:
            _log.warning("OpenVINO does not take the compiled model %s (%s): compiled again.", path, first_line(error))
            return None
        _mark_used(path)
        return compiled

    def _keep(self, key: CompiledKey, compiled: "ov.CompiledModel") -> None:
        try:
            blob = compiled.export_model().getvalue()
        except RuntimeError as error:
            _log.warning("OpenVINO does not hand out the compiled model (%s): it is not kept.", first_line(error))
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._folder / key.file_name, sha256_hex(blob).encode() + blob)
            self._remove_others(key)
        except OSError as error:
            _log.warning("The compiled model cannot be kept in %s (%s).", self._folder, reason_of(error))

    def _remove_others(self, key: CompiledKey) -> None:
        """Remove what other versions made of this model, what OpenVINO kept, and what was used longest ago."""
        for folder in self._before:
            shutil.rmtree(folder, ignore_errors=True)
        newest_first = sorted(self._folder.glob(f"*{_ENDING}"), key=_used_at, reverse=True)
        outdated = set(self._folder.glob(key.files_of_model)) - {self._folder / key.file_name}
        for path in (*outdated, *newest_first[MOST_KEPT:]):
            path.unlink(missing_ok=True)


def _capabilities(core: "ov.Core", device: str) -> str:
    return " ".join(sorted(core.get_property(device, "OPTIMIZATION_CAPABILITIES")))


def first_line(error: Exception) -> str:
    """Return what OpenVINO says, without where in its source it says so."""
    return str(error).strip().partition("\n")[0]


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # removed by another process
        return 0.0


def _mark_used(path: Path) -> None:
    try:
        os.utime(path)
    except OSError as error:
        _log.debug("The time of %s cannot be set (%s).", path, reason_of(error))
