"""Tensors of a question as numpy arrays, and arrays as plain values for JSON."""

import math

import numpy as np

dtypes = {"FP32": np.float32, "FP64": np.float64, "INT64": np.int64, "BYTES": np.object_}


def to_array(tensor):
    """null is a missing number."""
    dtype = dtypes[tensor["datatype"]]
    values = [math.nan if value is None else value for value in tensor["data"]]
    if tensor["datatype"] == "BYTES":
        values = [value.encode("utf-8") for value in values]
    return np.array(values, dtype=dtype).reshape(tensor["shape"])


def to_values(array):
    """Flat; NaN, which JSON has not, as null."""
    return [to_value(value) for value in array.flatten().tolist()]


def to_value(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
