"""What another revision would have said of parts: of recorded ones, and of those of the running line."""
