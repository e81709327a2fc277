"""Floor 5: what a person can ask of the station, by role. `Station` hands these on; nobody else builds them."""
