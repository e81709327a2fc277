"""What people did: the audit trail in the database, and its head beside it."""
