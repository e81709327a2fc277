"""What the station learns from: candidates and what they made of recorded parts."""
