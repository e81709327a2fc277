"""The page of people: who may log in at this station, and what they may do."""
