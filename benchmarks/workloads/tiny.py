"""The twin of tiny.ts: next to no work, so that a pool only costs."""

import os


def process_id(_index):
    """The id of the process that it runs in."""
    return os.getpid()
