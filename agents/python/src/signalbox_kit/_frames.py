"""Reads what comes in over a WebSocket: RFC 6455, sections 5.2 to 5.5."""

import struct
from typing import List, NamedTuple, Optional

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_CONTINUATION = 0x0
_KNOWN = {_CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}

PROTOCOL_ERROR = 1002
NOT_TEXT = 1007
TOO_LARGE = 1009


class Message(NamedTuple):
    """A whole message, or a control frame."""

    opcode: int
    data: bytes


class ProtocolError(Exception):
    """The other side broke the protocol; ``code`` says how, as a close frame does."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FrameReader:
    """Turns bytes as they come into messages; fragments are put together, control frames pass between them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._opcode: Optional[int] = None
        self._parts = bytearray()

    def feed(self, data: bytes) -> List[Message]:
        """Takes bytes; answers the messages that are whole now."""
        self._buffer += data
        messages: List[Message] = []
        while True:
            frame = self._take_frame()
            if frame is None:
                return messages
            message = self._take(*frame)
            if message is not None:
                messages.append(message)

    def _take_frame(self) -> "Optional[tuple[bool, int, bytes]]":
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        final, opcode, length = bool(buffer[0] & 0x80), buffer[0] & 0x0F, buffer[1] & 0x7F
        self._check_head(buffer[0], buffer[1], opcode, length)
        start = 2
        if length >= 126:
            form, size = (">H", 2) if length == 126 else (">Q", 8)
            start = 2 + size
            if len(buffer) < start:
                return None
            (length,) = struct.unpack_from(form, buffer, 2)
        # Before the bytes are waited for: a length is cheap to send.
        if length + len(self._parts) > self._limit:
            raise ProtocolError(TOO_LARGE, "the message is too large")
        if len(buffer) < start + length:
            return None
        payload = bytes(buffer[start : start + length])
        del buffer[: start + length]
        return final, opcode, payload

    def _check_head(self, first: int, second: int, opcode: int, length: int) -> None:
        if first & 0x70:
            raise ProtocolError(PROTOCOL_ERROR, "reserved bits without an extension")
        if second & 0x80:
            raise ProtocolError(PROTOCOL_ERROR, "a server does not mask")
        if opcode not in _KNOWN:
            raise ProtocolError(PROTOCOL_ERROR, "unknown opcode")
        if opcode >= CLOSE and (length > 125 or not first & 0x80):
            raise ProtocolError(PROTOCOL_ERROR, "control frames are short and whole")

    def _take(self, final: bool, opcode: int, payload: bytes) -> Optional[Message]:
        if opcode >= CLOSE:
            return Message(opcode, payload)
        if (opcode == _CONTINUATION) != (self._opcode is not None):
            raise ProtocolError(PROTOCOL_ERROR, "fragments out of order")
        if opcode != _CONTINUATION:
            self._opcode = opcode
        self._parts += payload
        if not final:
            return None
        message = Message(self._opcode or BINARY, bytes(self._parts))
        self._opcode = None
        self._parts.clear()
        return message
