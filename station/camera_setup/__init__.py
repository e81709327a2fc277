"""A camera outside a run: discovery, preview, features, the support file."""
