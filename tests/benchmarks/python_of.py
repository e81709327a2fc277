"""A Python for programs of another checkout: with the packages of this one, but not with this build's plug-ins.

An installed build names its plug-ins in its entry points, and an earlier build would load them and fail.
"""

import atexit
import importlib.metadata
import shutil
import sys
import sysconfig
import tempfile
import tomllib
import venv
from functools import cache
from pathlib import Path

THIS = Path(__file__).resolve().parents[2]
_PRODUCT = "lineside"


@cache
def python_of(checkout: Path) -> str:
    """Return the interpreter for programs of a checkout: for this one its own, else one that is made for this process.

    The other one has the packages that are installed here, except for the product itself, and names the plug-ins of the
    checkout. Where the product's modules lie has to be said by PYTHONPATH.
    """
    if checkout == THIS:
        return sys.executable
    folder = Path(tempfile.mkdtemp(prefix="lineside-python-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    builder = venv.EnvBuilder(symlinks=True)
    builder.create(folder)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    _link_packages(packages)
    _name_plugins(packages, checkout)
    return str(builder.ensure_directories(folder).env_exe)


def _link_packages(packages: Path) -> None:
    """Link every installed package; not the product, whose files its own record names."""
    own = {file.parts[0] for one in importlib.metadata.distributions(name=_PRODUCT) for file in one.files or ()}
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if installed.name not in own:
            (packages / installed.name).symlink_to(installed)


def _name_plugins(packages: Path, checkout: Path) -> None:
    """Say what installing the checkout would say of its plug-ins."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = packages / f"{_PRODUCT}-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {_PRODUCT}\nVersion: 0\n", encoding="utf-8")
    groups = project.get("entry-points", {})
    lines = [line for group, named in groups.items() for line in (f"[{group}]", *map(" = ".join, named.items()))]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
