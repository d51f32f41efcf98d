"""The twin of timer.ts: waits, and holds no lock while it does."""

import time

WAIT_S = 0.01


def wait(index):
    """Answers with its input, after 10 ms."""
    time.sleep(WAIT_S)
    return index
