"""JAX: the whole step under jit with donated state, one step a call or (--loop) as many steps a call as are asked for."""

import os
import sys
from functools import partial

from protocol import serve


def losses(jax, jnp):
    """The loss of each workload."""
    nn = jax.nn

    def autoencoder(w, batch):
        code = jnp.tanh(batch["input"] @ w["encoder"] + w["encoderBias"])
        logits = code @ w["decoder"] + w["decoderBias"]
        return -(batch["target"] * nn.log_softmax(logits)).sum(1).mean()

    def two_tower(w, batch):
        history, target, negatives = batch["history"], batch["target"], batch["negatives"]
        user = nn.relu(w["table"][history].mean(1) @ w["userKernel"] + w["userBias"])
        rows = w["table"][jnp.concatenate([target, negatives])]
        item = rows @ w["itemKernel"] + w["itemBias"]
        positive = (user * item[: len(target)]).sum(1, keepdims=True)
        logits = jnp.concatenate([positive, user @ item[len(target) :].T], 1)
        return -nn.log_softmax(logits)[:, 0].mean()

    def norm(w, name, x):
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred**2).mean(-1, keepdims=True)
        return centred * jax.lax.rsqrt(variance + 1e-8) * w[name + ".gamma"] + w[name + ".beta"]

    def transformer(w, batch):
        length, width = w["positions"].shape
        later = jnp.where(jnp.tril(jnp.ones((length, length), bool)), 0.0, -1e9)
        x = w["items"][batch["sequence"]] * width**0.5 + w["positions"]
        for block in ("block0.", "block1."):
            query = norm(w, block + "attentionNorm", x)
            similarity = jnp.einsum("bqd,bkd->bqk", query @ w[block + "query"], x @ w[block + "key"])
            x = query + nn.softmax(similarity / width**0.5 + later) @ (x @ w[block + "value"])
            inner = nn.relu(norm(w, block + "forwardNorm", x) @ w[block + "forward1.kernel"] + w[block + "forward1.bias"])
            x = x + (inner @ w[block + "forward2.kernel"] + w[block + "forward2.bias"])
        x = norm(w, "finalNorm", x)
        positive = (x * w["items"][batch["positive"]]).sum(-1)
        negative = (x * w["items"][batch["negative"]]).sum(-1)
        return (nn.softplus(-positive) + nn.softplus(negative)).mean()

    def mlp(w, batch):
        x = batch["x"]
        for layer in ("hidden1", "hidden2"):
            x = nn.relu(x @ w[layer + ".kernel"] + w[layer + ".bias"])
        return ((x @ w["output.kernel"] + w["output.bias"] - batch["y"]) ** 2).mean()

    return {"autoencoder": autoencoder, "two-tower": two_tower, "transformer": transformer, "mlp": mlp}


def make_step(jax, jnp, loss_of, adam):
    b1, b2 = adam["beta1"], adam["beta2"]

    def step(state, batch):
        weights, m, v, t = state
        loss, grads = jax.value_and_grad(loss_of)(weights, batch)
        t = t + 1
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
        c1, c2 = 1 - b1**t, 1 - b2**t
        move = lambda w, m, v: w - adam["learningRate"] * (m / c1) / (jnp.sqrt(v / c2) + adam["epsilon"])
        return (jax.tree.map(move, weights, m, v), m, v, t), loss

    return step


def create(workload, threads):
    os.environ["NPROC"] = str(threads)
    if threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp

    step = make_step(jax, jnp, losses(jax, jnp)[workload.name], workload.adam)
    weights = jax.tree.map(jnp.array, workload.weights)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0))
    batches = jax.tree.map(jnp.array, workload.batches)
    taken = 0

    def one_a_call(count):
        nonlocal state, taken
        result = []
        for _ in range(count):
            state, loss = jitted(state, batches[taken % len(batches)])
            taken += 1
            result.append(loss)
        jax.block_until_ready((state, result))
        return result

    @partial(jax.jit, donate_argnums=(0, 1))
    def loop(state, result, stacked, taken, count):
        def body(i, carry):
            state, result = carry
            batch = jax.tree.map(lambda x: x[(taken + i) % len(batches)], stacked)
            state, loss = step(state, batch)
            return state, result.at[i].set(loss)

        return jax.lax.fori_loop(0, count, body, (state, result))

    def many_a_call(count):
        nonlocal state, taken
        state, result = loop(state, jnp.zeros(4096), stacked, taken, count)
        taken += count
        jax.block_until_ready((state, result))
        return result[:count].tolist()

    versions = {"jax": jax.__version__, "jaxlib": jax.lib.__version__}
    if "--loop" in sys.argv:
        stacked = jax.tree.map(lambda *x: jnp.stack(x), *batches)
        return versions, many_a_call
    jitted = jax.jit(step, donate_argnums=0)
    return versions, one_a_call


serve(create)
