"""Floor 2: pictures from outside. Every source is a `FrameSource`; GenICam and its words stay in this room."""
