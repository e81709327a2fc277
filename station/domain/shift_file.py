"""The forms in which a shift can be had as a file."""

from enum import StrEnum


class ShiftFile(StrEnum):
    """A form; its value is the ending of the file's name without the point."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
