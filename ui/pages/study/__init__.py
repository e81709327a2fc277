"""The page of attribute studies: set one up, judge blind, and read what came out."""
