"""Networks of our own, trained on good pictures and on copies with drawn defects."""
