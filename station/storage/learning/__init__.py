"""What the station learns from and with: working sets, candidates, training runs and evaluations."""
