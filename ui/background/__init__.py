"""Work on other threads, and the way of its results to the screen."""
