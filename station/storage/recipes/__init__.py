"""Recipes in the database: immutable revisions and their states."""
