"""The records of a station on their way to the database of the plant: noted, sent in order, received exactly once."""
