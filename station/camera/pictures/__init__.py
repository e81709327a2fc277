"""Pictures in files: what a folder holds, the pages of a file, and their pixels, complete or refused by name."""
