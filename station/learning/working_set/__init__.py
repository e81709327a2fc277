"""Working sets: pictures of a product's view that are labelled, and from which dataset versions are frozen."""
