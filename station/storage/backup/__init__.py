"""Copies of a whole workspace while the station works, and a workspace made from such a copy."""
