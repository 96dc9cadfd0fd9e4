"""An agent that waits for a person, under an id that survives its death."""

import dataclasses
import json
import os

import signalbox_kit

control = signalbox_kit.connect_control()
approval = control.approve(
    "deploy", {"to": "production"}, id=os.environ["APPROVAL_ID"], trace_id=os.environ["TRACE_ID"]
)
print(json.dumps(dataclasses.asdict(approval)), end="")
