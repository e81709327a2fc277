"""The window: Qt only.

It imports `station.app`, `station.domain` and `station.vision.overlay`, and the counting of `station.reporting`. It
shows and asks; the core decides.
"""
