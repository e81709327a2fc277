"""The window: Qt only.

It sees `station.app`, `station.domain` and `station.vision.overlay`, and shows; it does not decide.
"""
