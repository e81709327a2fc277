"""Set a station up on a fresh machine and run it: standard library only.

    python3 installer/bootstrap.py demo [options of "lineside demo"]     run-time install, then the demo line
    python3 installer/bootstrap.py run  [options of "lineside"]          run-time install, then the station
    python3 installer/bootstrap.py train                                 adds torch and anomalib, for more methods
    python3 installer/bootstrap.py test [options of pytest]              adds training and development, then tests

Everything goes into .venv beside this checkout, at the versions of installer/constraints.txt.
A second start with nothing changed installs nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
CONSTRAINTS = ROOT / "installer" / "constraints.txt"

EXTRAS = {"demo": (), "run": (), "train": ("train",), "test": ("train", "dev")}
RUN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
TEST_TOOLS = {
    "pdftoppm": "poppler-utils",
    "arv-fake-gv-camera-0.8": "aravis-tools",
    "pkg-config": "pkg-config",
    "gcc": "gcc",
    "gresource": "libglib2.0-bin",
    "ip": "iproute2",
}
TEST_FILES = {"/usr/share/i18n/locales/tr_TR": "locales", "/usr/lib/postgresql": "postgresql"}
TEST_HEADERS = {"aravis-0.8": "libaravis-dev", "libusb-1.0": "libusb-1.0-0-dev"}


def main() -> int:
    """Install what the command needs, then run it."""
    command, rest = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if command not in EXTRAS:
        print(__doc__, file=sys.stderr)
        return 2
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"Lineside needs Python 3.11 to 3.13; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    try:
        install_system_packages(missing_system_packages(command))
        install_python_packages(EXTRAS[command])
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(map(str, error.cmd))}\nIts own message is above.", file=sys.stderr)
        return 3
    return run(command, rest)


def run(command: str, rest: list[str]) -> int:
    """Start the program that was asked for, in this terminal; its exit code is ours."""
    if command == "train":
        print("torch and anomalib are installed: docs/detectors.md lists the methods that need them", file=sys.stderr)
        return 0
    program = {
        "demo": [str(PYTHON), "-m", "ui", "demo"],
        "run": [str(PYTHON), "-m", "ui"],
        "test": [str(PYTHON), "-m", "pytest"],
    }[command]
    return subprocess.call([*program, *rest], cwd=ROOT if command == "test" else None)


# -- Python ----------------------------------------------------------------------------------------------------------


def install_python_packages(extras: tuple[str, ...]) -> None:
    """Bring .venv to the pinned versions; extras that are installed already stay installed."""
    wanted = installed_extras() | set(extras)
    stamp = VENV / ".lineside-install"
    state = fingerprint(wanted)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == state:
        return
    if not PYTHON.exists():
        say("Making .venv ...")
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    what = f"{ROOT}[{','.join(sorted(wanted))}]" if wanted else str(ROOT)
    say("Installing packages" + (" with torch and anomalib (about 2 GB)" if "train" in wanted else "") + " ...")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint"]
    subprocess.check_call([*pip, str(CONSTRAINTS), "--editable", what])
    stamp.write_text(state)


def installed_extras() -> set[str]:
    """The extras of the last finished install."""
    stamp = VENV / ".lineside-install"
    return set(stamp.read_text().split("\n")[0].split()) if stamp.exists() else set()


def fingerprint(extras: set[str]) -> str:
    """What an install depends on: the extras, the pins, and the declared packages."""
    files = (CONSTRAINTS, ROOT / "pyproject.toml")
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"{' '.join(sorted(extras))}\n{ROOT}\n{digest}"


# -- System libraries (Debian and Ubuntu) --------------------------------------------------------------------------


def missing_system_packages(command: str) -> list[str]:
    """Debian packages that this command needs and this machine lacks."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return []
    known = known_libraries()
    missing = [package for library, package in RUN_LIBRARIES.items() if library not in known]
    if command == "test":
        missing += [package for tool, package in TEST_TOOLS.items() if shutil.which(tool, path=search_path()) is None]
        missing += [package for file, package in TEST_FILES.items() if not Path(file).exists()]
        missing += [package for module, package in TEST_HEADERS.items() if not has_headers(module)]
    return missing


def known_libraries() -> str:
    """The dynamic linker's cache, as text."""
    ldconfig = shutil.which("ldconfig", path=search_path())
    return subprocess.check_output([ldconfig, "-p"], text=True) if ldconfig else ""


def search_path() -> str:
    """PATH with the folders that only root has by default."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def has_headers(module: str) -> bool:
    """True where pkg-config knows the module."""
    tool = shutil.which("pkg-config")
    return tool is not None and subprocess.call([tool, "--exists", module]) == 0


def install_system_packages(packages: list[str]) -> None:
    """Install with root's rights where they are to be had without a question; else say the exact line."""
    if not packages:
        return
    line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    rights = root_prefix()
    if rights is None:
        say(f"These system libraries are missing. Please run:\n    sudo {' '.join(line)}\nand start again.")
        raise SystemExit(2)
    say(f"Installing system packages: {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.check_call([*rights, "apt-get", "update", "-qq"], env=environment, stdout=subprocess.DEVNULL)
    subprocess.check_call([*rights, *line, "-qq"], env=environment, stdout=subprocess.DEVNULL)


def root_prefix() -> list[str] | None:
    """[] as root, ["sudo", ...] where sudo asks nothing, None otherwise."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n"]
    return None


def say(text: str) -> None:
    """Progress for people."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
