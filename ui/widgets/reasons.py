"""The reasons that are offered where a person says something of a part."""

REASONS = ("dust", "reflection", "position", "print", "other")
"""Why a good part was rejected."""

DEFECTS = ("scratch", "dent", "crack", "stain", "missing part", "other")
"""Which defect was missed, if the kinds of the product are not known."""

HOLDS = ("complaint", "challenge failed", "inquiry", "other")
"""Why a part is put on hold."""
