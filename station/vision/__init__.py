"""Floor 2: from pixels to a model's input and from a map back to places on the part.

OpenCV stays here and in the camera room.
"""
