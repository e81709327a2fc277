"""What a folder of pictures is taken for: labels, splits and masks, as people of the trade name and keep them."""
