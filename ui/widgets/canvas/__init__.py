"""Pictures with marks."""
