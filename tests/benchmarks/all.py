"""Measure every figure of this build beside its bound and its peer, and print a table.

    python tests/benchmarks/all.py [--only NAME,...] [--quick] [--json FILE] [--add] [--keep FOLDER]
        [--before CHECKOUT_OR_COMMIT] [--list]

Each figure is a module in `figures`, and runs in a process of its own. Ratios are medians over pairs that were measured
in turn, at least 20. `--add` keeps what FILE has of other modules, so that the whole can be measured in pieces.
`--keep` keeps what takes long to prepare for the next call. `--before` names the build to compare with: a folder, or a
commit of this repository. Exit code 1 if a figure does not keep its bound, 3 if a module failed.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import psutil
from figure import Figure, NotMeasuredError, Setting

HERE = Path(__file__).resolve().parent
THIS = HERE.parents[1]
DATA = THIS.parent / "shared" / "data"
HEADINGS = ("figure", "ours", "peer", "unit", "ratio", "bound", "holds", "pairs")
_DIGITS = 4
_FAILED = "failed: "


def module_names(folder: Path = HERE / "figures") -> list[str]:
    """Return the names of the modules that measure figures."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def measured_by(name: str, setting: Setting) -> dict[str, object]:
    """Run a module in this process; return its figures, or why it has none."""
    from station.loading import loading  # noqa: PLC0415 - as in `run`

    with loading():  # as the programs do
        module = importlib.import_module(f"figures.{name}")
    about: dict[str, object] = {"module": name, "what": module.NAME, "figures": [], "not_measured": ""}
    try:
        return about | {"figures": [as_json(figure) for figure in module.measure(setting)]}
    except NotMeasuredError as reason:
        return about | {"not_measured": str(reason)}
    except Exception as error:  # noqa: BLE001 - one that fails must not lose the figures of the others
        traceback.print_exc()
        return about | {"not_measured": f"{_FAILED}{type(error).__name__}: {error}"}


def as_json(figure: Figure) -> dict[str, object]:
    """Return a figure as the JSON has it."""
    return asdict(figure) | {"holds": figure.holds, "few_pairs": figure.has_few_pairs}


def in_own_process(name: str, arguments: Sequence[str]) -> dict[str, object]:
    """Run a module in a process of its own; return what `measured_by` returns, with load and seconds."""
    began, load = time.monotonic(), psutil.getloadavg()
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        line = [sys.executable, str(Path(__file__).resolve()), "--into", answer.name, "--only", name, *arguments]
        ended = subprocess.run(line, check=False).returncode
        text = Path(answer.name).read_text()
    missing = {"module": name, "what": name, "figures": [], "not_measured": f"{_FAILED}its process ended with {ended}"}
    measured = json.loads(text) if text else missing
    about = {"seconds": round(time.monotonic() - began, 1), "load_before": load, "load_after": psutil.getloadavg()}
    return measured | about


def table(modules: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown, then what was not measured, and why."""
    figures = [figure for module in modules for figure in module["figures"]]  # type: ignore[attr-defined]
    rows = [HEADINGS, *(row_of(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    yield lines[0]
    yield "| " + " | ".join("-" * width for width in widths) + " |"
    yield from lines[1:]
    yield from (f"{figure['name']}: {figure['note']}" for figure in figures if figure["note"])
    yield from (f"not measured: {each['what']}: {each['not_measured']}" for each in modules if each["not_measured"])


def row_of(figure: Mapping[str, object]) -> tuple[str, ...]:
    """Return the cells of a figure; one over its bound says NO."""
    bound = "" if figure["bound"] is None else f"{'>=' if figure['at_least'] else '<='} {figure['bound']:g}"
    holds = {None: "", True: "yes", False: "NO"}[figure["holds"]] + (" (few pairs)" if figure["few_pairs"] else "")
    numbers = (_number(figure[key]) for key in ("ours", "peer", "ratio"))
    ours, peer, ratio = numbers
    return str(figure["name"]), ours, peer, str(figure["unit"]), ratio, bound, holds, str(figure["pairs"])


def _number(value: object) -> str:
    return "" if value is None else f"{value:.{_DIGITS}g}"


@contextmanager
def earlier_build(named: str | None) -> Iterator[Path | None]:
    """Give a checkout of the build to compare with, and remove it if it was made for this."""
    if named is None or Path(named).is_dir():
        yield Path(named).resolve() if named else None
        return
    with tempfile.TemporaryDirectory() as folder:
        checkout, git = Path(folder) / "before", ["git", "-C", str(THIS), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(checkout), named], check=True)
        try:
            yield checkout
        finally:
            subprocess.run([*git, "remove", "--force", str(checkout)], check=True)


def run(asked: argparse.Namespace, names: Sequence[str], folder: Path, before: Path | None) -> dict[str, object]:
    """Measure the modules one by one; return everything as the JSON has it."""
    from station.cli.machine import machine  # noqa: PLC0415 - not in the way of a module's own process

    arguments = ["--keep", str(folder), *(["--quick"] if asked.quick else [])]
    arguments += ["--before", str(before)] if before else []
    known = json.loads(asked.json.read_text())["modules"] if asked.add and asked.json and asked.json.exists() else []
    modules = [each for each in known if each["module"] not in names]
    began, load = datetime.now(UTC).isoformat(timespec="seconds"), psutil.getloadavg()[0]
    for name in names:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        modules.append(in_own_process(name, arguments) | {"quick": asked.quick})
    modules.sort(key=lambda each: str(each["module"]))
    loads = {"load_before": round(load, 2), "load_after": round(psutil.getloadavg()[0], 2)}
    return {"began": began, "commit": commit(), "machine": machine("f32"), **loads, "modules": modules}


def commit() -> str:
    """Return the commit of this checkout; empty outside of a repository."""
    line = ["git", "-C", str(THIS), "describe", "--always", "--dirty"]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()


def exit_code(modules: Sequence[Mapping[str, object]]) -> int:
    """Return 3 if a module failed, 1 if a figure does not keep its bound, else 0."""
    if any(str(each["not_measured"]).startswith(_FAILED) for each in modules):
        return 3
    return int(any(figure["holds"] is False for each in modules for figure in each["figures"]))  # type: ignore[attr-defined]


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="NAME,...")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--add", action="store_true", help="keep what FILE has of other modules")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--before", metavar="CHECKOUT_OR_COMMIT")
    parser.add_argument("--list", action="store_true", help="name the modules and what they measure")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    return parser


def main() -> int:
    """Measure and print; or be the process of one module."""
    parser = arguments()
    asked = parser.parse_args()
    names = asked.only or module_names()
    if unknown := sorted(set(names) - set(module_names())):
        parser.error(f"there is no module {', '.join(unknown)} in figures; there are {', '.join(module_names())}")
    if asked.json and not asked.json.absolute().parent.is_dir():
        parser.error(f"there is no folder {asked.json.parent} for the figures")
    if asked.add and not asked.json:
        parser.error("--add keeps what --json FILE has: name the file")
    if asked.list:
        print(*(f"{name:20} {importlib.import_module(f'figures.{name}').NAME}" for name in names), sep="\n")
        return 0
    if asked.into:
        setting = Setting(asked.keep, DATA, Path(asked.before) if asked.before else None, asked.quick)
        asked.into.write_text(json.dumps(measured_by(names[0], setting)))
        return 0
    with tempfile.TemporaryDirectory() as temporary, earlier_build(asked.before) as before:
        folder = asked.keep.resolve() if asked.keep else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(asked, names, folder, before)
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    modules: list[dict[str, object]] = result["modules"]  # type: ignore[assignment]
    print(json.dumps({key: value for key, value in result.items() if key != "modules"}))
    print(*table(modules), sep="\n")
    return exit_code(modules)


if __name__ == "__main__":
    sys.exit(main())
