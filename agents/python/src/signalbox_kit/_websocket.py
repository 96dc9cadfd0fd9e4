"""A small WebSocket client on the standard library: RFC 6455 without extensions, for one thread."""

import base64
import hashlib
import os
import socket
import ssl
import struct
import time
from typing import Dict, List, Mapping, Optional, Tuple
from urllib.parse import SplitResult, urlsplit

from ._frames import CLOSE, NOT_TEXT, PING, PONG, TEXT, FrameReader, Message, ProtocolError

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_LONGEST_HEAD = 16 * 1024
_LARGEST_MESSAGE = 4 * 1024 * 1024
#: Seconds the other side has to answer a goodbye.
_GOODBYE_S = 1.0
_CHUNK = 64 * 1024
#: A peer that takes nothing for so long is dead.
_SEND_TIMEOUT_S = 10.0
#: What a close frame means that says nothing, and a connection that ended without one.
NO_STATUS = 1005
ABNORMAL = 1006


class HandshakeRefused(Exception):
    """The server answered the upgrade with something else."""

    def __init__(self, status: int) -> None:
        super().__init__(f"it answered {status}")
        self.status = status


class Closed(Exception):
    """The connection is over."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"closed with {code} {reason}".rstrip())
        self.code = code
        self.reason = reason


def connect(url: str, headers: Mapping[str, str], timeout: float) -> "WebSocket":
    """Dials ``ws://`` or ``wss://``; raises :class:`HandshakeRefused`, ``OSError`` or ``ValueError``."""
    deadline = time.monotonic() + timeout
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError(f"{url!r} is no WebSocket address")
    raw = socket.create_connection((parts.hostname, parts.port or _default_port(parts)), timeout)
    try:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "wss":
            raw.settimeout(max(0.01, deadline - time.monotonic()))
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
        return WebSocket(raw, _shake_hands(raw, parts, headers, deadline))
    except BaseException:
        raw.close()
        raise


class WebSocket:
    """An open connection."""

    def __init__(self, raw: socket.socket, early: bytes = b"") -> None:
        self._socket = raw
        self._reader = FrameReader(_LARGEST_MESSAGE)
        self._early = early
        #: True when a pong came since the last ping.
        self.answered = True

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def send(self, text: str) -> None:
        """Sends a message; raises ``OSError``."""
        self._write(TEXT, text.encode("utf-8"))

    def ping(self) -> None:
        """Asks for a sign of life."""
        self.answered = False
        self._write(PING, b"")

    def receive(self) -> List[str]:
        """Texts that are here, without waiting; raises :class:`Closed` once the connection is over."""
        try:
            return [self._text(message) for message in self._read() if self._is_text(message)]
        except ProtocolError as error:
            self.close(error.code, error.reason)
            raise Closed(error.code, error.reason) from error

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Says goodbye and closes; never raises."""
        try:
            self._write(CLOSE, struct.pack(">H", code) + reason.encode("utf-8")[:120])
            self._socket.shutdown(socket.SHUT_WR)
            self._drain(time.monotonic() + _GOODBYE_S)
        except (OSError, ValueError):
            pass
        self.abandon()

    def _drain(self, deadline: float) -> None:
        """Reads until the other side closes: closing on unread data resets the connection, and what was sent is lost."""
        while True:
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            if not self._socket.recv(_CHUNK) or time.monotonic() >= deadline:
                return

    def abandon(self) -> None:
        """Closes without a word."""
        try:
            self._socket.close()
        except OSError:
            pass

    def _read(self) -> List[Message]:
        messages = self._reader.feed(self._early) if self._early else []
        self._early = b""
        self._socket.settimeout(0)
        while True:
            try:
                data = self._socket.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return messages
            except OSError as error:
                raise Closed(ABNORMAL, str(error)) from error
            if not data:
                # What came whole before the end counts; the end shows itself again.
                if messages:
                    return messages
                raise Closed(ABNORMAL, "the connection ended")
            messages += self._reader.feed(data)
            # TLS may hold more than the selector can see, so reading goes on until nothing is left.

    def _is_text(self, message: Message) -> bool:
        opcode, data = message
        if opcode == PING:
            try:
                self._write(PONG, data)
            except OSError as error:
                raise Closed(ABNORMAL, str(error)) from error
        elif opcode == PONG:
            self.answered = True
        elif opcode == CLOSE:
            code, reason = _close_reason(data)
            self.close(1000 if code == NO_STATUS else code)
            raise Closed(code, reason)
        return opcode == TEXT

    def _text(self, message: Message) -> str:
        try:
            return message.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ProtocolError(NOT_TEXT, "not UTF-8") from error

    def _write(self, opcode: int, data: bytes) -> None:
        self._socket.settimeout(_SEND_TIMEOUT_S)
        self._socket.sendall(build_frame(opcode, data))


def build_frame(opcode: int, data: bytes) -> bytes:
    """A whole frame of a client, which must be masked."""
    length = len(data)
    if length < 126:
        head = struct.pack(">BB", 0x80 | opcode, 0x80 | length)
    elif length < 65536:
        head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, length)
    mask = os.urandom(4)
    stream = (mask * (length // 4 + 1))[:length]
    masked = int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")
    return head + mask + masked.to_bytes(length, "big")


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "wss" else 80


def _close_reason(data: bytes) -> Tuple[int, str]:
    if len(data) < 2:
        return NO_STATUS, ""
    return struct.unpack(">H", data[:2])[0], data[2:].decode("utf-8", "replace")


def _shake_hands(raw: socket.socket, parts: SplitResult, headers: Mapping[str, str], deadline: float) -> bytes:
    """Upgrades the connection; answers what came behind the upgrade already."""
    key = base64.b64encode(os.urandom(16)).decode()
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    lines = {
        "Host": host if parts.port is None else f"{host}:{parts.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    if any("\r" in text or "\n" in text for pair in lines.items() for text in map(str, pair)):
        raise ValueError("a header with a line break")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    request = "".join([f"GET {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in lines.items()), "\r\n"])
    raw.sendall(request.encode("latin-1"))
    head, rest = _read_head(raw, deadline)
    status, answer = _parse_head(head)
    accept = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()
    if status != 101:
        raise HandshakeRefused(status)
    if answer.get("upgrade", "").lower() != "websocket" or answer.get("sec-websocket-accept") != accept:
        raise OSError("the server does not speak WebSocket")
    return rest


def _read_head(raw: socket.socket, deadline: float) -> Tuple[str, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        raw.settimeout(max(0.01, deadline - time.monotonic()))
        chunk = raw.recv(4096)
        if not chunk or len(data) > _LONGEST_HEAD:
            raise OSError("the server did not answer the handshake")
        data += chunk
    head, rest = data.split(b"\r\n\r\n", 1)
    return head.decode("latin-1"), rest


def _parse_head(head: str) -> Tuple[int, Dict[str, str]]:
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    status: Optional[int] = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
    if status is None or not words[0].startswith("HTTP/1.1"):
        raise OSError("the server does not speak HTTP/1.1")
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return status, {name.strip().lower(): value.strip() for name, value in pairs}
