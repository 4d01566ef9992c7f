"""POST /v2/models/recommender/infer on MLServer, with the runtime of mlserver_runtime.py. mlserver_peer.py MODEL

One process: inference runs in the event loop (`parallel_workers` 0), which for small models is its fastest form.
Debugging and the access log are off; the ports of gRPC and of the metrics are open and idle.
"""

import asyncio
import os
import sys
import tempfile
import threading
import time
import urllib.request

from engine import announce, free_port, say

name = "recommender"


def announce_when_ready(url):
    while True:
        try:
            with urllib.request.urlopen(f"{url}/v2/models/{name}/ready"):
                break
        except OSError:
            time.sleep(0.1)
    announce(url, ["mlserver", "fastapi", "starlette", "uvicorn", "uvloop", "httptools", "orjson", "onnxruntime", "numpy"])


async def serve(model):
    from mlserver import MLServer, ModelSettings, Settings
    from mlserver.settings import ModelParameters
    from mlserver_runtime import OnnxRuntime

    settings = Settings(
        debug=False,
        host="127.0.0.1",
        http_port=free_port(),
        grpc_port=free_port(),
        metrics_port=free_port(),
        parallel_workers=0,
        load_models_at_startup=False,
    )
    recommender = ModelSettings(
        name=name, implementation=OnnxRuntime, parameters=ModelParameters(version="1", uri=model)
    )
    url = f"http://127.0.0.1:{settings.http_port}"
    threading.Thread(target=announce_when_ready, args=(url,), daemon=True).start()
    await MLServer(settings).start([recommender])


try:
    # It writes files of its own, and looks for settings, where it stands.
    model_path = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # Its log goes to stdout.
        asyncio.run(serve(model_path))
except Exception as error:
    say({"problem": f"{type(error).__name__}: {error}"})
    sys.exit(1)
