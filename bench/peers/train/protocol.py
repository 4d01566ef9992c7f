"""The peers' side of the line protocol (bench/src/train/engines/protocol.ts) and the reading of a workload's folder.

One line in, one line out: first {"dir", "threads"}, answered {"ready", "versions"}; then "run N", answered
{"milliseconds", "losses"}; {"problem": "..."} when a package is missing or something fails.
"""

import json
import os
import sys
import time
from pathlib import Path


class Workload:
    """weights: {name: array}, in order; batches: [{name: array}]; adam: its four numbers."""

    def __init__(self, folder):
        import numpy as np

        folder = Path(folder)
        index = json.loads((folder / "index.json").read_text())

        def read(entry):
            data = (folder / entry["file"]).read_bytes()
            return {
                t["name"]: np.frombuffer(data, t["dtype"], int(np.prod(t["dims"])), t["offset"]).reshape(t["dims"]).copy()
                for t in entry["tensors"]
            }

        self.name = index["workload"]
        self.adam = index["adam"]
        self.weights = read(index["weights"])
        self.batches = [read(entry) for entry in index["batches"]]


def hold_to(threads):
    """Pins this process to as many processors, before a library counts them to size its pools."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ["OMP_NUM_THREADS"] = str(threads)


def serve(create):
    """create(workload, threads) imports its library and returns (versions, run); run(count) returns the losses."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    # What libraries print goes to people.
    os.dup2(2, 1)

    def reply(message):
        out.write(json.dumps(message) + "\n")

    run = None
    for line in sys.stdin:
        try:
            if run is None:
                start = json.loads(line)
                hold_to(start["threads"])
                versions, run = create(Workload(start["dir"]), start["threads"])
                reply({"ready": True, "versions": versions})
            else:
                count = int(line.split()[1])
                begin = time.perf_counter()
                losses = run(count)
                reply({"milliseconds": (time.perf_counter() - begin) * 1000, "losses": [float(x) for x in losses]})
        except Exception as error:
            reply({"problem": f"{type(error).__name__}: {error}"})
