"""What detectors made of torch networks share: the backbone, the loop that trains, and the way to a graph."""
