"""Everything that waits to be sent, no faster than the collector takes it."""

import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Iterable, Optional

Frame = Dict[str, Any]
#: What makes a frame at the moment it is sent; None when there is nothing to say any more.
Saying = Callable[[], Optional[Frame]]

#: The collector takes frames one by one and cuts off agents with a thousand waiting; a reconnect stays below.
_BURST = 300.0
_PER_SECOND = 300.0
_MOST_LASTING = 2000


class Outbox:
    """Frames for the link.

    What describes a state is dropped with the link, because the next link begins by saying all of it; what happened
    once lasts until it was sent.
    """

    def __init__(self, lock: "threading.RLock", wake: Callable[[], None]) -> None:
        self._lock = lock
        self._wake = wake
        self._states: Deque[Saying] = deque()
        self._lasting: Deque[Frame] = deque(maxlen=_MOST_LASTING)
        self._open = False
        self._tokens = _BURST
        self._refilled = time.monotonic()

    def say(self, saying: Saying) -> None:
        """Says how things stand; left to the next link when there is none."""
        with self._lock:
            if not self._open:
                return
            self._states.append(saying)
        self._wake()

    def tell(self, frame: Frame) -> None:
        """Says what happened, now or after the next reconnect. Beyond the limit the oldest is given up."""
        with self._lock:
            self._lasting.append(frame)
        self._wake()

    def restart(self, states: Iterable[Saying]) -> None:
        """A link is there: the states first, then what waited."""
        with self._lock:
            self._states = deque(states)
            self._open = True
            self._tokens = _BURST

    def pause(self) -> None:
        """The link is gone."""
        with self._lock:
            self._open = False
            self._states.clear()

    @property
    def is_empty(self) -> bool:
        """True when nothing waits."""
        return not self._states and not self._lasting

    def take(self) -> Optional[Frame]:
        """The next frame that may be sent now."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(_BURST, self._tokens + (now - self._refilled) * _PER_SECOND)
            self._refilled = now
            if not self._open or self._tokens < 1:
                return None
            frame: Optional[Frame] = None
            while frame is None and self._states:
                frame = self._states.popleft()()
            if frame is None and self._lasting:
                frame = self._lasting.popleft()
            if frame is not None:
                self._tokens -= 1
            return frame

    def give_back(self, frame: Frame) -> None:
        """It could not be sent; a state comes again by itself."""
        if frame["type"] in ("command.report", "approval.withdraw"):
            with self._lock:
                self._lasting.appendleft(frame)
