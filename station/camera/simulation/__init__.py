"""The drawn line behind the simulated camera: parts, their defects, light and noise. Pure functions of a seed."""
