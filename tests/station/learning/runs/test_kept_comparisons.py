"""The table of a run that compared methods, on the disk."""

from pathlib import Path

from compared import comparison

from station.learning.runs.kept_comparisons import keep_comparison, kept_comparison
from station.learning.runs.run_files import RunFiles


def test_that_a_comparison_is_read_as_it_was_kept(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 7)
    assert kept_comparison(files) is None
    keep_comparison(files, comparison())
    assert kept_comparison(RunFiles.of(tmp_path, 7)) == comparison()
    assert kept_comparison(RunFiles.of(tmp_path, 8)) is None


def test_that_a_damaged_table_is_none(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 7)
    keep_comparison(files, comparison())
    files.compared.write_bytes(files.compared.read_bytes()[:100])
    assert kept_comparison(files) is None
