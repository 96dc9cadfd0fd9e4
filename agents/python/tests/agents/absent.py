"""An agent whose collector is away, or refuses it: it asks, looks, and ends by itself."""

import signalbox_kit

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
control = signalbox_kit.connect_control()
approval = control.approve("deploy", {}, trace_id=TRACE_ID, timeout=0.7)
looked = control.checkpoint(TRACE_ID)
print(approval.decision, approval.approved, looked.tasks, control.stop_event(TRACE_ID).is_set(), end="")
