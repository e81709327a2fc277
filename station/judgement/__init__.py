"""A frame and a view of a recipe go in; a verdict with scores, map and regions comes out."""
