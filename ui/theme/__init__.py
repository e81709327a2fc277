"""Colours, sizes, icons and sounds."""
