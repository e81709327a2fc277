"""Floor 2: the shift report, counted from records alone. reportlab stays in this room."""
