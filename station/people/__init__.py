"""People at the station: log-in, lock-out and who is logged in now; and the audit trail of what they did."""
