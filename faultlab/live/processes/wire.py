"""As much of HTTP/1.1 as the fleet speaks: heads, bodies of a known length, connections that stay open."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import NamedTuple

from faultlab.live.processes.limits import LONGEST_BODY, LONGEST_HEAD

LOOPBACK = "127.0.0.1"


class Message(NamedTuple):
    """One request or response: its first line, its head as it came, its body and its length in bytes."""

    first: bytes
    head: bytes
    body: bytes
    size: int

    @property
    def status(self) -> int:
        """The status of a response, such as 200."""
        return int(self.first.split(b" ", 2)[1])

    @property
    def target(self) -> str:
        """What a request asks for, such as /health."""
        return self.first.split(b" ", 2)[1].decode("latin-1")

    @property
    def method(self) -> str:
        """What a request wants done, such as GET."""
        return self.first.split(b" ", 1)[0].decode("latin-1")

    def header(self, name: str) -> str:
        """The value of a header, an empty text without it."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""


def take_message(buffer: bytes | bytearray) -> Message | None:
    """Return the first whole message at the beginning of a buffer; None while it is still coming.

    Parameters
    ----------
    buffer : bytes or bytearray

    Raises
    ------
    ValueError
        For what is no HTTP/1.1, has no known length, or is too long.

    Examples
    --------
    >>> take_message(b"GET /health HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n").target
    '/health'
    >>> take_message(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nab") is None
    True
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > LONGEST_HEAD:
            raise ValueError("the head is too long")
        return None
    head = bytes(buffer[:end])
    first = head.split(b"\r\n", 1)[0]
    parts = first.split(b" ", 2)
    if len(parts) < 2 or not (parts[0].startswith(b"HTTP/1.") or parts[-1].startswith(b"HTTP/1.")):
        raise ValueError("this is no HTTP/1.1")
    if parts[0].startswith(b"HTTP/1.") and not parts[1].isdigit():
        raise ValueError("this is no HTTP/1.1")
    length = 0
    small = head.lower()
    if b"\r\ntransfer-encoding:" in small:
        raise ValueError("a body of unknown length is not understood here")
    at = small.find(b"\r\ncontent-length:")
    if at >= 0:
        written = small[at + 17 :].split(b"\r\n", 1)[0].strip()
        if not written.isdigit() or int(written) > LONGEST_BODY:
            raise ValueError("the body is too long, or its length is no number")
        length = int(written)
    size = end + 4 + length
    if len(buffer) < size:
        return None
    return Message(first, head, bytes(buffer[end + 4 : size]), size)


def response(status: int, body: bytes = b"", kind: str = "text/plain") -> bytes:
    """Return a response as bytes.

    >>> response(204).split(b"\\r\\n")[0]
    b'HTTP/1.1 204 No Content'
    """
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def request(target: str, method: str = "GET", body: bytes = b"", headers: Iterable[str] = ()) -> bytes:
    """Return a request as bytes.

    >>> request("/health").split(b"\\r\\n")[0]
    b'GET /health HTTP/1.1'
    """
    lines = [f"{method} {target} HTTP/1.1", f"Host: {LOOPBACK}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
