"""The twin of gzip.ts: native code that lets the lock go while it compresses."""

import zlib

# The level that Node takes by default, and the window that makes it a gzip file.
LEVEL = 6
GZIP = 16 + zlib.MAX_WBITS


def compress(data):
    """The gzip file that holds some bytes."""
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return compressor.compress(data) + compressor.flush()
