"""Floor 4: datasets, teaching jobs, evaluation and recipes' birth."""
