"""Pictures of inspected parts as files; the database has their names and hashes."""
