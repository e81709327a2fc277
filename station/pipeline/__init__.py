"""Floor 4: the running line, from the cameras to the records, and its worker threads."""
