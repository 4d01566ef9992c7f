"""TensorFlow: the step as a tf.function, its Adam the fused op; --xla compiles it, --loop takes many steps a call."""

import os
import sys

from protocol import serve


def losses(tf):
    """The loss of each workload."""
    nn = tf.nn

    def autoencoder(w, batch):
        code = tf.tanh(batch["input"] @ w["encoder"] + w["encoderBias"])
        logits = code @ w["decoder"] + w["decoderBias"]
        return tf.reduce_mean(nn.softmax_cross_entropy_with_logits(batch["target"], logits))

    def two_tower(w, batch):
        mean = tf.reduce_mean(tf.gather(w["table"], batch["history"]), 1)
        user = nn.relu(mean @ w["userKernel"] + w["userBias"])
        count = batch["target"].shape[0]
        rows = tf.gather(w["table"], tf.concat([batch["target"], batch["negatives"]], 0))
        item = rows @ w["itemKernel"] + w["itemBias"]
        positive = tf.reduce_sum(user * item[:count], 1, keepdims=True)
        logits = tf.concat([positive, tf.matmul(user, item[count:], transpose_b=True)], 1)
        first = tf.zeros(count, tf.int32)
        return tf.reduce_mean(nn.sparse_softmax_cross_entropy_with_logits(first, logits))

    def norm(w, name, x):
        mean, variance = nn.moments(x, -1, keepdims=True)
        return nn.batch_normalization(x, mean, variance, w[name + ".beta"], w[name + ".gamma"], 1e-8)

    def transformer(w, batch):
        length, width = w["positions"].shape
        later = (1 - tf.linalg.band_part(tf.ones((length, length)), -1, 0)) * -1e9

        def project(x, kernel):
            return tf.reshape(tf.reshape(x, (-1, width)) @ kernel, x.shape)

        x = tf.gather(w["items"], batch["sequence"]) * width**0.5 + w["positions"]
        for block in ("block0.", "block1."):
            query = norm(w, block + "attentionNorm", x)
            q, k, v = project(query, w[block + "query"]), project(x, w[block + "key"]), project(x, w[block + "value"])
            similarity = tf.matmul(q, k, transpose_b=True)
            x = query + nn.softmax(similarity / width**0.5 + later) @ v
            normed = norm(w, block + "forwardNorm", x)
            inner = nn.relu(project(normed, w[block + "forward1.kernel"]) + w[block + "forward1.bias"])
            x = x + (project(inner, w[block + "forward2.kernel"]) + w[block + "forward2.bias"])
        x = norm(w, "finalNorm", x)
        positive = tf.reduce_sum(x * tf.gather(w["items"], batch["positive"]), -1)
        negative = tf.reduce_sum(x * tf.gather(w["items"], batch["negative"]), -1)
        return tf.reduce_mean(nn.softplus(-positive) + nn.softplus(negative))

    def mlp(w, batch):
        x = batch["x"]
        for layer in ("hidden1", "hidden2"):
            x = nn.relu(x @ w[layer + ".kernel"] + w[layer + ".bias"])
        return tf.reduce_mean(tf.square(x @ w["output.kernel"] + w["output.bias"] - batch["y"]))

    return {"autoencoder": autoencoder, "two-tower": two_tower, "transformer": transformer, "mlp": mlp}


def make_step(tf, loss_of, weights, adam):
    rate, b1, b2 = adam["learningRate"], adam["beta1"], adam["beta2"]
    first = {name: tf.Variable(tf.zeros_like(w)) for name, w in weights.items()}
    second = {name: tf.Variable(tf.zeros_like(w)) for name, w in weights.items()}
    power1, power2 = tf.Variable(1.0), tf.Variable(1.0)

    def step(batch):
        with tf.GradientTape() as tape:
            loss = loss_of(weights, batch)
        grads = tape.gradient(loss, weights)
        p1, p2 = power1.assign(power1 * b1), power2.assign(power2 * b2)
        # The op adds epsilon to √v, not to the corrected √v̂: the factor makes it the same formula.
        epsilon = adam["epsilon"] * tf.sqrt(1 - p2)
        for name, weight in weights.items():
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle, m=first[name].handle, v=second[name].handle, beta1_power=p1, beta2_power=p2,
                lr=rate, beta1=b1, beta2=b2, epsilon=epsilon, grad=tf.convert_to_tensor(grads[name]),
            )
        return loss

    return step


def create(workload, threads):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    if threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    weights = {name: tf.Variable(value) for name, value in workload.weights.items()}
    batches = [{name: tf.constant(value) for name, value in batch.items()} for batch in workload.batches]
    step = make_step(tf, losses(tf)[workload.name], weights, workload.adam)
    if "--xla" in sys.argv:
        step = tf.function(step, jit_compile=True)
    else:
        step = tf.function(step)
    taken = 0

    def one_a_call(count):
        nonlocal taken
        result = []
        for _ in range(count):
            result.append(step(batches[taken % len(batches)]))
            taken += 1
        return [float(loss) for loss in result]

    @tf.function
    def loop(taken, count):
        result = tf.TensorArray(tf.float32, count)
        for i in tf.range(count):
            batch = {name: tensor[(taken + i) % len(batches)] for name, tensor in stacked.items()}
            result = result.write(i, step(batch))
        return result.stack()

    def many_a_call(count):
        nonlocal taken
        result = loop(tf.constant(taken), tf.constant(count)).numpy().tolist()
        taken += count
        return result

    versions = {"tensorflow": tf.__version__}
    if "--loop" in sys.argv:
        stacked = {name: tf.stack([batch[name] for batch in batches]) for name in batches[0]}
        return versions, many_a_call
    return versions, one_a_call


serve(create)
