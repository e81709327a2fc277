"""Which frame belongs to which part. Imports station.domain alone and starts no thread."""
