"""The program lineside-train: features, memory of good parts, graph, comparison; numpy and OpenVINO only.

No other room imports it.
"""
