"""Floor 4: the running line, and the kind of thread that every lane of it runs on."""
