"""Runs, parts, feedback and events in the database, and their verification."""
