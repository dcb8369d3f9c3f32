"""How the ONNX models run: on the processor, on a fixed number of threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

# Between the steps of a run the other threads wait awake, which spares a fifth to a third of the
# time; this long after the last step they sleep, so that they take none from what follows.
AWAKE = "1000"  # microseconds


def open_session(path: Path, *, threads: int) -> Any:
    """A session whose runs take `threads` threads each, the calling one among them."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.intra_op.spin_duration_us", AWAKE)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
