"""The engineer's page: how good revisions of a recipe are, one or several side by side."""
