"""The twin of file-read.ts: reads what the operating system has in memory, and holds no lock while it is copied."""


def read_part(part):
    """The last byte of a part, all of which is read."""
    with open(part["file"], "rb", buffering=0) as file:
        file.seek(part["position"])
        data = file.read(part["length"])
    if len(data) != part["length"]:
        raise OSError(f"{part['file']} ended after {part['position'] + len(data)} bytes.")
    return data[-1]
