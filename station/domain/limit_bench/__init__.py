"""What other limits would have made of pictures that are scored already: pure counting on frozen arrays.

The scores come from the records and from labelled pictures; no picture is read to count.
"""
