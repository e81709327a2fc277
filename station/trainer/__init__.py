"""The program lineside-train: prepare, fit, evaluate, export.

No other room imports it; torch and anomalib are imported here only.
"""
