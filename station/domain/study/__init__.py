"""Attribute studies: people and models judge the same parts, blind and repeatedly; values, order and figures."""
