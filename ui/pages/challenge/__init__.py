"""Challenge parts: what is due and why, a check part by part, the plan, and the suspects of a failed check."""
