"""POST /v1/recommend on FastAPI, uvicorn (uvloop, httptools, one process) and orjson.

fastapi_peer.py MODEL FORM: `inline` runs the engine in the event loop, `threadpool` in Starlette's threads.
The body is not validated by a model of pydantic, which only makes this peer faster.
"""

import socket
import sys
from contextlib import asynccontextmanager

from engine import announce, create_recommend, create_session, say


def create_app(recommend, form, on_ready):
    import numpy as np
    import orjson
    from fastapi import FastAPI, Request, Response
    from starlette.concurrency import run_in_threadpool

    @asynccontextmanager
    async def lifespan(_):
        on_ready()
        yield

    app = FastAPI(lifespan=lifespan)

    def answer(body):
        request = orjson.loads(body)
        items, scores, source, unknown = recommend(request["history"], request.get("k", 10))
        # Where there are no more items the graph pads.
        count = int(np.count_nonzero(items != ""))
        slate = {
            "ids": items[:count].tolist(),
            "scores": scores[:count],
            "source": source,
            "unknown": int(unknown),
        }
        return Response(orjson.dumps(slate, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")

    if form == "inline":

        @app.post("/v1/recommend")
        async def recommend_inline(request: Request):
            return answer(await request.body())

    else:

        @app.post("/v1/recommend")
        async def recommend_in_threadpool(request: Request):
            return await run_in_threadpool(answer, await request.body())

    return app


def main(model, form):
    import uvicorn

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    packages = ["fastapi", "starlette", "uvicorn", "uvloop", "httptools", "orjson", "onnxruntime", "numpy"]
    app = create_app(create_recommend(create_session(model)), form, lambda: announce(url, packages))
    config = uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])


try:
    main(*sys.argv[1:])
except Exception as error:
    say({"problem": f"{type(error).__name__}: {error}"})
    sys.exit(1)
