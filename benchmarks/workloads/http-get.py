"""The twin of http-get.ts: waits for answers over the network, and holds no lock while it does."""

import http.client
import threading
from urllib.parse import urlsplit

# One connection a thread, which is kept, as the agent in Node keeps its connections.
local = threading.local()


def get_text(url):
    """The body of the answer; an answer other than 200 is an error."""
    parts = urlsplit(url)
    if getattr(local, "origin", None) != parts.netloc:
        local.connection = http.client.HTTPConnection(parts.netloc)
        local.origin = parts.netloc
    local.connection.request("GET", parts.path)
    response = local.connection.getresponse()
    body = response.read().decode()
    if response.status != 200:
        raise OSError(f"{url} answered {response.status}.")
    return body
