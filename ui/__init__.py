"""The window: Qt only.

It sees `station.app`, `station.domain`, `station.workspace` and `station.vision.overlay`, and shows; it does not
decide.
"""
