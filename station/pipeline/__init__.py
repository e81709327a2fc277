"""Floor 4: the running line. Threads live here and nowhere else in the core."""
