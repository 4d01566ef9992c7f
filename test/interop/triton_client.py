"""Asks a server through tritonclient as it comes from PyPI. One JSON object on stdin, one on stdout."""

import json
import sys

import tritonclient.http as http
from tritonclient.utils import InferenceServerException

from tensors import to_array, to_values


def infer_input(tensor, binary):
    """This client writes NaN into its JSON, which is no JSON then: missing numbers go as binary data."""
    array = to_array(tensor)
    binary = binary or None in tensor["data"]
    made = http.InferInput(tensor["name"], list(array.shape), tensor["datatype"])
    return made.set_data_from_numpy(array, binary_data=binary)


def infer(client, question, binary_in, binary_out, **options):
    """binary_out None: no list of outputs, which this client takes for binary."""
    inputs = [infer_input(tensor, binary_in) for tensor in question["inputs"]]
    outputs = None
    if binary_out is not None:
        outputs = [
            http.InferRequestedOutput(name, binary_data=binary_out) for name in question["outputs"]
        ]
    result = client.infer(
        question["model"], inputs, outputs=outputs, request_id="request-7", **options
    )
    response = result.get_response()
    return {
        "model_name": response["model_name"],
        "model_version": response["model_version"],
        "id": response["id"],
        "outputs": {
            output["name"]: to_values(result.as_numpy(output["name"]))
            for output in response["outputs"]
        },
        "shapes": {output["name"]: output["shape"] for output in response["outputs"]},
    }


def failure(ask):
    try:
        ask()
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


def main():
    question = json.load(sys.stdin)
    model = question["model"]
    client = http.InferenceServerClient(question["host"])
    answers = {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "modelReady": client.is_model_ready(model),
        "versionReady": client.is_model_ready(model, question["version"]),
        "nobodyReady": client.is_model_ready("nobody"),
        "serverMetadata": client.get_server_metadata(),
        "metadata": client.get_model_metadata(model, question["version"]),
        "config": client.get_model_config(model),
        "infer": {
            "binary": infer(client, question, True, None),
            "json": infer(client, question, False, False),
            "binary in": infer(client, question, True, False),
            "binary out": infer(client, question, False, True),
            "gzip": infer(
                client,
                question,
                True,
                None,
                request_compression_algorithm="gzip",
                response_compression_algorithm="gzip",
            ),
            "deflate": infer(
                client,
                question,
                True,
                True,
                request_compression_algorithm="deflate",
                response_compression_algorithm="deflate",
            ),
            "version": infer(client, question, True, None, model_version=question["version"]),
            "parameters": infer(
                client, question, True, None, parameters={"routing_key": "somebody"}, timeout=5000000
            ),
        },
        "failures": {
            "unknown model": failure(lambda: client.get_model_metadata("nobody")),
            "unknown version": failure(lambda: client.get_model_metadata(model, "99")),
            "wrong datatype": failure(
                lambda: client.infer(
                    model,
                    [
                        infer_input(
                            {
                                "name": question["inputs"][0]["name"],
                                "datatype": "INT64",
                                "shape": [1, 1],
                                "data": [1],
                            },
                            True,
                        )
                    ],
                )
            ),
        },
        "statistics": client.get_inference_statistics(model),
    }
    admin = http.InferenceServerClient(question["adminHost"])
    answers["index"] = admin.get_model_repository_index()
    json.dump(answers, sys.stdout, allow_nan=False)


main()
