"""A runtime for MLServer on onnxruntime: tensors of the protocol in, tensors of the graph out."""

import numpy as np
from engine import create_session, outputs
from mlserver import MLModel
from mlserver.types import InferenceResponse, ResponseOutput

dtypes = {"FP32": np.float32, "INT64": np.int64, "BYTES": object}
datatypes = {"items": "BYTES", "scores": "FP32", "source": "BYTES", "unknown": "INT64"}


class OnnxRuntime(MLModel):
    async def load(self):
        self.session = create_session(self.settings.parameters.uri)
        return True

    async def predict(self, payload):
        feeds = {}
        for tensor in payload.inputs:
            data = tensor.data.root
            array = np.empty(len(data), dtypes[tensor.datatype])
            array[:] = data
            feeds[tensor.name] = array.reshape(tensor.shape)
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[
                ResponseOutput(name=name, datatype=datatypes[name], shape=list(value.shape), data=value.ravel().tolist())
                for name, value in zip(outputs, self.session.run(outputs, feeds))
            ],
        )
