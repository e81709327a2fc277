"""The engineer's pages."""
