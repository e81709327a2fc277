"""The page of drafts that judge beside the line: compare them with the released revision, and promote one."""
