"""The page on which the parts of a shift are reviewed."""
