"""Floor 3: who works at the station, and the audit trail of what they did."""
