"""Draw defects into pictures of good parts: seeded, with exact masks, inside the part.

Nothing here is a real defect. Their kinds say so (`station.domain.synthetic`), and no figure counts them as real ones.
"""
