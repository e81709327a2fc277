"""What a person can ask for, and what a page says about itself when it is registered."""
