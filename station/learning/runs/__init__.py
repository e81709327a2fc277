"""Training runs: queued, executed by processes of their own, evaluated, and cleaned up after."""
