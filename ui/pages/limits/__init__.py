"""The page "Limits": what other limits would have made of scored parts, before anything is saved."""
