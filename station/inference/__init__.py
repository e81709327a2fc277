"""Floor 2: a model package and what it says of a picture. OpenVINO stays in this room."""
