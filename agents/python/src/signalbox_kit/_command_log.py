"""Commands this process has seen: none is carried out twice."""

from collections import OrderedDict
from typing import Optional

from ._outbox import Frame, Outbox

_MOST_KNOWN = 10_000


class CommandLog:
    """The last thing said of each command. Callers hold the lock of the control."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._known: "OrderedDict[str, Frame]" = OrderedDict()

    def has(self, command_id: str) -> bool:
        """True when it was seen before."""
        return command_id in self._known

    def repeat(self, command_id: str) -> None:
        """The collector asks again because it missed the answer."""
        if command_id in self._known:
            self._outbox.tell(self._known[command_id])

    def report(self, command_id: str, state: str, evidence: Optional[str] = None) -> None:
        """Says what became of it."""
        frame: Frame = {"type": "command.report", "commandId": command_id, "state": state}
        if evidence is not None:
            frame["evidence"] = evidence[:4000]
        if len(self._known) >= _MOST_KNOWN and command_id not in self._known:
            self._known.popitem(last=False)
        self._known[command_id] = frame
        self._outbox.tell(frame)
