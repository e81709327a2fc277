"""The figures of an evaluation: what is counted of each picture, curves, intervals, and the report of them."""
