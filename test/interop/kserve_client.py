"""Asks a server through the KServe client as it comes from PyPI. One JSON object on stdin, one on stdout."""

import asyncio
import json
import sys

import httpx
from kserve import InferenceRESTClient, InferInput, InferOutput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from tensors import to_array, to_values


def infer_input(tensor, binary):
    array = to_array(tensor)
    made = InferInput(tensor["name"], list(array.shape), tensor["datatype"])
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def request(question, binary_in, binary_out):
    return InferRequest(
        model_name=question["model"],
        request_id="request-7",
        infer_inputs=[infer_input(tensor, binary_in) for tensor in question["inputs"]],
        request_outputs=[
            RequestedOutput(name, {"binary_data": binary_out}) for name in question["outputs"]
        ],
    )


async def infer(client, question, binary_in, binary_out):
    response = await client.infer(
        question["url"], request(question, binary_in, binary_out), model_name=question["model"]
    )
    return {
        "model_name": response.model_name,
        "id": response.id,
        "outputs": {output.name: to_values(output.as_numpy()) for output in response.outputs},
    }


async def failure(ask):
    try:
        await ask
    except httpx.HTTPStatusError as error:
        return {"status": str(error.response.status_code), "message": str(error)}
    return None


async def main():
    question = json.load(sys.stdin)
    url, model = question["url"], question["model"]
    broken = {"inputs": [{"name": "nobody", "shape": [1, 1], "datatype": "BYTES", "data": ["a"]}]}
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        answers = {
            "live": await client.is_server_live(url),
            "ready": await client.is_server_ready(url),
            "modelReady": await client.is_model_ready(url, model),
            "nobodyReady": await client.is_model_ready(url, "nobody"),
            "infer": {
                "binary": await infer(client, question, True, True),
                "json": await infer(client, question, False, False),
                "binary in": await infer(client, question, True, False),
                "binary out": await infer(client, question, False, True),
            },
            "failures": {
                "unknown model": await failure(client.infer(url, broken, model_name="nobody")),
                "unknown input": await failure(client.infer(url, broken, model_name=model)),
            },
        }
    json.dump(answers, sys.stdout, allow_nan=False)


asyncio.run(main())
