"""Pictures as files beside the database."""
