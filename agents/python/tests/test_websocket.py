"""The WebSocket client: frames to the letter of RFC 6455."""

import os
import socket
import struct
import threading
import unittest
from contextlib import suppress
from typing import List

from signalbox_kit._frames import BINARY, CLOSE, PING, TEXT, FrameReader, Message, ProtocolError
from signalbox_kit._websocket import Closed, HandshakeRefused, WebSocket, build_frame, connect


def frame(first: int, data: bytes) -> bytes:
    """A frame of a server."""
    if len(data) < 126:
        return struct.pack(">BB", first, len(data)) + data
    if len(data) < 65536:
        return struct.pack(">BBH", first, 126, len(data)) + data
    return struct.pack(">BBQ", first, 127, len(data)) + data


def read(data: bytes, limit: int = 1 << 20) -> List[Message]:
    """All messages, whatever pieces the bytes come in."""
    whole = FrameReader(limit).feed(data)
    single = FrameReader(limit)
    assert [message for at in range(len(data)) for message in single.feed(data[at : at + 1])] == whole
    return whole


class Frames(unittest.TestCase):
    """What comes in, and what goes out."""

    def test_every_length_in_any_pieces(self) -> None:
        for length in (0, 1, 125, 126, 127, 65535, 65536):
            text = b"x" * length
            self.assertEqual(read(frame(0x81, text)), [Message(TEXT, text)])

    def test_fragments_with_a_ping_between(self) -> None:
        pieces = [(0x01, b"Hel"), (0x89, b"?"), (0x00, b"lo "), (0x80, b"you"), (0x82, b"\x00")]
        data = b"".join(frame(first, text) for first, text in pieces)

        self.assertEqual(read(data), [Message(PING, b"?"), Message(TEXT, b"Hello you"), Message(BINARY, b"\x00")])

    def test_what_breaks_the_protocol_is_named(self) -> None:
        wrong = {
            "reserved bits": frame(0xC1, b""),
            "masked": b"\x81\x80\x00\x00\x00\x00",
            "opcode": frame(0x83, b""),
            "long control frame": frame(0x89, b"x" * 126),
            "fragmented control frame": frame(0x09, b""),
            "continuation of nothing": frame(0x80, b""),
            "new message inside one": frame(0x01, b"a") + frame(0x81, b"b"),
        }
        for name, data in wrong.items():
            with self.subTest(name), self.assertRaises(ProtocolError) as raised:
                FrameReader(1000).feed(data)
            self.assertEqual(raised.exception.code, 1002)

    def test_too_large_is_refused_before_it_is_here(self) -> None:
        for data in (struct.pack(">BBQ", 0x81, 127, 1 << 40), frame(0x01, b"x" * 600) + frame(0x00, b"x" * 600)):
            with self.assertRaises(ProtocolError) as raised:
                FrameReader(1000).feed(data)
            self.assertEqual(raised.exception.code, 1009)

    def test_what_goes_out_is_masked(self) -> None:
        for length in (0, 5, 126, 70_000):
            text = os.urandom(length)
            sent = build_frame(TEXT, text)
            self.assertEqual(sent[1] & 0x80, 0x80)
            mask, masked = sent[-length - 4 : len(sent) - length], sent[len(sent) - length :]
            self.assertEqual(bytes(each ^ mask[at % 4] for at, each in enumerate(masked)), text)


class Connection(unittest.TestCase):
    """One side of a connection."""

    def setUp(self) -> None:
        near, self.far = socket.socketpair()
        self.addCleanup(self.far.close)
        self.websocket = WebSocket(near)
        self.addCleanup(self.websocket.abandon)
        self.far.settimeout(5)

    def test_a_ping_is_answered_with_what_it_carried(self) -> None:
        self.far.sendall(frame(0x89, b"here?") + frame(0x81, "grüß".encode()))

        self.assertEqual(self.websocket.receive(), ["grüß"])
        answer = self.far.recv(100)
        self.assertEqual(answer[0], 0x8A)
        self.assertEqual(bytes(each ^ answer[2 + at % 4] for at, each in enumerate(answer[6:])), b"here?")

    def test_a_close_is_answered_and_tells_why(self) -> None:
        self.far.sendall(frame(0x88, struct.pack(">H", 4001) + b"the agent connected again"))

        with self.assertRaises(Closed) as raised:
            self.websocket.receive()
        self.assertEqual((raised.exception.code, raised.exception.reason), (4001, "the agent connected again"))
        self.assertEqual(self.far.recv(100)[0], 0x80 | CLOSE)

    def test_text_that_is_none_ends_the_connection(self) -> None:
        self.far.sendall(frame(0x81, b"\xff"))

        with self.assertRaises(Closed) as raised:
            self.websocket.receive()
        self.assertEqual(raised.exception.code, 1007)

    def test_an_end_without_a_word_is_abnormal(self) -> None:
        self.far.close()

        with self.assertRaises(Closed) as raised:
            self.websocket.receive()
        self.assertEqual(raised.exception.code, 1006)


class Handshake(unittest.TestCase):
    """With servers that do not speak WebSocket."""

    def answer(self, text: str) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def serve() -> None:
            near, _ = server.accept()
            # A client that has seen enough hangs up.
            with near, suppress(OSError):
                near.recv(4096)
                near.sendall(text.encode())

        threading.Thread(target=serve, daemon=True).start()
        return f"ws://127.0.0.1:{server.getsockname()[1]}/"

    def test_another_status_is_told(self) -> None:
        with self.assertRaises(HandshakeRefused) as raised:
            connect(self.answer("HTTP/1.1 401 Error\r\nContent-Length: 0\r\n\r\n"), {}, 5)
        self.assertEqual(raised.exception.status, 401)

    def test_a_wrong_proof_is_refused(self) -> None:
        upgrade = "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: guess\r\n\r\n"
        for text in (upgrade, "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101", "x" * 40_000):
            with self.assertRaises(OSError):
                connect(self.answer(text), {}, 5)

    def test_addresses_and_headers_that_are_none_are_refused(self) -> None:
        for url in ("http://localhost", "ws://", "nonsense"):
            with self.assertRaises(ValueError):
                connect(url, {}, 1)
        with self.assertRaises(ValueError):
            connect(self.answer(""), {"authorization": "a\r\nb: c"}, 5)


if __name__ == "__main__":
    unittest.main()
