"""The door to a supervisor: HTTP on loopback, opened by a token that only its starter knows.

`GET /history?intervals=N&events=M` gives what happened since; `POST /do` with a JSON object does something.
Chaos Toolkit's http provider can use it as well as `Fleet` does.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from faultlab.errors import BadInput
from faultlab.live.processes.wire import LOOPBACK, response, take_message

Answer = Callable[[str, dict[str, Any]], dict[str, Any] | Awaitable[None] | None]

ENDED = "This fleet has ended: start another one with Fleet(…)."


async def open_door(token: str, answer: Answer) -> int:
    """Open the door of this process; returns its port.

    Parameters
    ----------
    token : str
    answer : callable
        Gets what is wanted ("history" or "do") and a dictionary; returns a dictionary or something that
        can be awaited for it; raises BadInput.
    """

    async def serve(reader, writer):
        try:
            async with asyncio.timeout(5):
                buffer = b""
                while (message := take_message(buffer)) is None:
                    part = await reader.read(65536)
                    if not part:
                        return
                    buffer += part
                writer.write(await _reply(message, token, answer))
                await writer.drain()
        except (OSError, TimeoutError, ValueError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0)
    return server.sockets[0].getsockname()[1]


async def _reply(message, token, answer):
    if not compare_digest(message.header("authorization").encode(), f"Bearer {token}".encode()):
        return response(403, b'{"error":"The token is missing or wrong."}', "application/json")
    place = urlsplit(message.target)
    try:
        if (message.method, place.path) == ("GET", "/history"):
            found = answer("history", dict(parse_qsl(place.query)))
        elif (message.method, place.path) == ("POST", "/do"):
            wanted = json.loads(message.body or b"{}")
            if not isinstance(wanted, dict):
                raise BadInput("What is to be done is a JSON object with an action.")
            found = answer("do", wanted)
        else:
            return response(404, b'{"error":"There is /history and /do."}', "application/json")
        if asyncio.iscoroutine(found):
            found = await found
    except (ValueError, TypeError) as error:
        return response(400, json.dumps({"error": str(error)}).encode(), "application/json")
    return response(200, json.dumps(found or {}, separators=(",", ":")).encode(), "application/json")


class Door:
    """The other side: asks a supervisor; safe to use from any thread.

    Parameters
    ----------
    port : int
    token : str
    """

    def __init__(self, port: int, token: str) -> None:
        self.port, self.url = port, f"http://{LOOPBACK}:{port}"
        self.headers = {"Authorization": f"Bearer {token}"}

    def history(self, intervals: int, events: int) -> dict[str, Any]:
        """What happened after so many intervals and events."""
        return self._ask("GET", f"/history?intervals={intervals}&events={events}", None)

    def do(self, action: str, **details: object) -> dict[str, Any]:
        """Have something done; raises BadInput with the supervisor's sentence where it can't be."""
        return self._ask("POST", "/do", json.dumps({"action": action, **details}))

    def _ask(self, method, target, body):
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=5)
        try:
            connection.request(method, target, body, self.headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
        except (TimeoutError, OSError, http.client.HTTPException, ValueError):
            raise BadInput(ENDED) from None
        finally:
            connection.close()
        if answer.status != 200:
            raise BadInput(found["error"])
        return found
