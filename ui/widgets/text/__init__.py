"""Text that fits its place."""
