"""Floor 3: what follows a verdict: reviews with their time limit, feedback on parts, and alarms."""
