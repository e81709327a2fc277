"""Cameras reached through GenTL producers, each in a process of its own: a driver that crashes or hangs costs a gap."""
