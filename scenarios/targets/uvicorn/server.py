"""An ASGI application behind uvicorn, on the socket that it inherits (descriptor 3), and two ways to end on SIGTERM.

SHUTDOWN=own        uvicorn's own: it answers what is in flight and closes idle connections at once
SHUTDOWN=announced  first half a second in which every answer says "Connection: close"; then it stops accepting, reads what has been
                    accepted, and does the same
"""
import asyncio
import os

import uvicorn

INSTANCE = f"{os.getpid()}-{os.times().elapsed}".encode()
ANNOUNCED_S = 0.5
READ_S = 0.2
leaving = False


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(0.3)
    body = b"hello\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode()), (b"x-instance", INSTANCE)]
    if leaving:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Announcing(uvicorn.Server):
    """Tells its clients before it closes anything."""

    async def shutdown(self, sockets=None):
        global leaving
        leaving = True
        await asyncio.sleep(ANNOUNCED_S)
        # From here on new connections wait in the queue for the successor. Whoever was accepted just now has not been read yet, and
        # uvicorn would close his connection as an idle one, request and all.
        for server in self.servers:
            server.close()
        await asyncio.sleep(READ_S)
        await super().shutdown(sockets)


kind = Announcing if os.environ.get("SHUTDOWN") == "announced" else uvicorn.Server
kind(uvicorn.Config(app, fd=3, timeout_keep_alive=65, log_level="warning", access_log=False)).run()
