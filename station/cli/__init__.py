"""Floor 6: the words of `linesidectl`, one module for each family of commands."""
