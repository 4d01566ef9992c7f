"""The engine of both peers: onnxruntime on the artifact's model.onnx, with the feeds of docs/artifact.md.

One request a run and one thread, as the bare loop of bench/src/serve has it.
"""

import json
import os
import socket
import sys
from importlib.metadata import version

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

outputs = ["items", "scores", "source", "unknown"]


def create_session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def create_recommend(session):
    """A function of a history and k to (items, scores, source, unknown), each without the batch dimension."""
    import numpy as np

    nothing = np.empty((1, 0), object)
    run = session.run

    def recommend(history, k):
        length = len(history)
        ids = np.empty((1, length), object)
        ids[0] = history
        feeds = {
            "history": ids,
            "history_weight": np.ones((1, length), np.float32),
            "exclude": nothing,
            "allow": nothing,
            "k": np.array([k], np.int64),
        }
        items, scores, source, unknown = run(outputs, feeds)
        return items[0], scores[0], source[0], unknown[0]

    return recommend


def free_port():
    """Open for the moment: a port that nobody holds, for servers that want a number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def announce(url, packages):
    """The one line that the bench waits for."""
    say({"ready": True, "url": url, "versions": {"python": sys.version.split()[0], **{p: version(p) for p in packages}}})


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
