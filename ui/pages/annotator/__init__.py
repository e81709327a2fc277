"""The page on which the places of defects are marked on pictures."""
