"""The audit page: who changed what, when and why, and whether anybody touched the record of it."""
