"""The program lineside-train: prepare, fit, evaluate, export.

Imported by nobody; torch and anomalib stay in this room.
"""
