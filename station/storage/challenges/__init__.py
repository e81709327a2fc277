"""Checks with challenge parts: how they ended, their results, what was seen to be due, and the word on the suspects."""
