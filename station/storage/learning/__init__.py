"""What the station learns from: working sets of labelled pictures, candidates, and what they made of recorded parts."""
