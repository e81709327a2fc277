"""Recipes as files, and the views of a recipe edited."""
