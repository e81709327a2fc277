"""Floor 0: the values the whole station speaks in. Frozen, pure, and free of every heavy library but NumPy."""
