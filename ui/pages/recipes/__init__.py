"""The engineer's page for recipes: read a revision, change its values in a draft, release it, roll back."""
