"""People in the database: accounts and failed log-ins; what they did, as the audit trail and its head beside it."""
