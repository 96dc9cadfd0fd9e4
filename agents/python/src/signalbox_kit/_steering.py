"""What people want of a run."""

from dataclasses import dataclass, field
from typing import List, Optional


class StoppedError(Exception):
    """A person stopped the run; raised by ``checkpoint()``."""

    def __init__(self, trace_id: str, by: str, reason: Optional[str]) -> None:
        super().__init__(f"The run was stopped by {by}{'' if reason is None else f': {reason}'}.")
        self.trace_id = trace_id
        #: Login of the person.
        self.by = by
        self.reason = reason


@dataclass(frozen=True)
class AddedTask:
    """A task a person added."""

    id: str
    text: str
    #: Id of the plan item it should follow.
    after: Optional[str] = None
    note: Optional[str] = None


@dataclass(frozen=True)
class PlanProposal:
    """A person would leave plan items out (``cancel``), or have them in another order (``reorder``)."""

    id: str
    kind: str
    #: Ids of plan items.
    items: List[str]
    by: str


@dataclass(frozen=True)
class Checkpoint:
    """What people added since the last checkpoint of the run."""

    tasks: List[AddedTask] = field(default_factory=list)
    proposals: List[PlanProposal] = field(default_factory=list)
