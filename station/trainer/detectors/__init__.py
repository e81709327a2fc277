"""Methods besides the station's own PatchCore, behind one protocol: each learns good pictures and becomes a graph."""
