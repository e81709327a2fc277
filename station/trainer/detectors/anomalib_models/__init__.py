"""Detectors of the networks of anomalib. No other room imports anomalib."""
