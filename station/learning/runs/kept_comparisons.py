"""The table of a run that compared methods, as a file beside its log; reading it loads no model."""

from pydantic import TypeAdapter, ValidationError

from station.domain.method_comparison import MethodComparison
from station.learning.runs.run_files import RunFiles
from station.workspace import write_atomically

_KEPT = TypeAdapter(MethodComparison)


def keep_comparison(files: RunFiles, comparison: MethodComparison) -> None:
    """Keep a comparison with the files of its run."""
    write_atomically(files.compared, _KEPT.dump_json(comparison, indent=1))


def kept_comparison(files: RunFiles) -> MethodComparison | None:
    """Return the comparison that a run kept; None if it has none, or its file is damaged."""
    try:
        return _KEPT.validate_json(files.compared.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
