"""The engineer's page: teach from a frozen dataset version, follow the run, see what came out."""
