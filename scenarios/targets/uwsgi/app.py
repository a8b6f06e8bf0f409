"""A WSGI application: / answers at once, /slow after ?ms=300, and each answer tells which worker gave it.

It takes a second to load, as applications do.
"""
import os
import time
from urllib.parse import parse_qs


time.sleep(1)


def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(int(parse_qs(environ["QUERY_STRING"]).get("ms", ["300"])[0]) / 1000)
    body = b"hello\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("X-Instance", str(os.getpid()))])
    return [body]
