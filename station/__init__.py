"""The core of Lineside: cameras, judgement, records and learning, without Qt."""

from importlib.metadata import version

__version__ = version("lineside")
