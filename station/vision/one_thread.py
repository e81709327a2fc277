"""How many threads OpenCV has."""

import cv2


def work_on_one_thread() -> None:
    """Let OpenCV of this process compute on the calling thread alone: as many processes work as there are cores."""
    cv2.setNumThreads(1)
