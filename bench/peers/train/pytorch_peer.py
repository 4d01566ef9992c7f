"""PyTorch: eager with Adam(fused=True), or the whole step through torch.compile (--compile)."""

import math
import sys

from protocol import serve


def losses(torch):
    """The loss of each workload in PyTorch's own words: fused layer norm, attention, cross entropy, embedding bag."""
    f = torch.nn.functional

    def autoencoder(w, batch):
        code = torch.tanh(torch.addmm(w["encoderBias"], batch["input"], w["encoder"]))
        logits = torch.addmm(w["decoderBias"], code, w["decoder"])
        return f.cross_entropy(logits, batch["target"])

    def two_tower(w, batch):
        # One bag for each history and one for each single item: the table gets one dense gradient, not two or three.
        bags = f.embedding_bag(batch["rows"], w["table"], batch["offsets"], mode="mean")
        count = len(batch["target"])
        user = torch.relu(torch.addmm(w["userBias"], bags[:count], w["userKernel"]))
        item = torch.addmm(w["itemBias"], bags[count:], w["itemKernel"])
        positive = (user * item[:count]).sum(1, keepdim=True)
        return f.cross_entropy(torch.cat([positive, user @ item[count:].T], 1), batch["class"])

    def norm(w, name, x):
        return f.layer_norm(x, x.shape[-1:], w[name + ".gamma"], w[name + ".beta"], 1e-8)

    def transformer(w, batch):
        width = w["positions"].shape[1]
        x = f.embedding(batch["sequence"], w["items"]) * math.sqrt(width) + w["positions"]
        for block in ("block0.", "block1."):
            query = norm(w, block + "attentionNorm", x)
            heads = [query @ w[block + "query"], x @ w[block + "key"], x @ w[block + "value"]]
            attention = f.scaled_dot_product_attention(*[h.unsqueeze(1) for h in heads], is_causal=True)
            x = query + attention.squeeze(1)
            inner = torch.relu(norm(w, block + "forwardNorm", x) @ w[block + "forward1.kernel"] + w[block + "forward1.bias"])
            x = x + (inner @ w[block + "forward2.kernel"] + w[block + "forward2.bias"])
        x = norm(w, "finalNorm", x)
        positive = (x * f.embedding(batch["positive"], w["items"])).sum(-1)
        negative = (x * f.embedding(batch["negative"], w["items"])).sum(-1)
        return (f.softplus(-positive) + f.softplus(negative)).mean()

    def mlp(w, batch):
        x = batch["x"]
        for layer in ("hidden1", "hidden2"):
            x = torch.relu(torch.addmm(w[layer + ".bias"], x, w[layer + ".kernel"]))
        return f.mse_loss(torch.addmm(w["output.bias"], x, w["output.kernel"]), batch["y"])

    return {"autoencoder": autoencoder, "two-tower": two_tower, "transformer": transformer, "mlp": mlp}


def bag(torch, history, target, negatives):
    """The indexes of a two-tower batch in one row, with where each bag starts; class 0 is the target's."""
    singles = len(target) + len(negatives)
    starts = [torch.arange(0, history.numel(), history.shape[1]), history.numel() + torch.arange(singles)]
    return {
        "rows": torch.cat([history.flatten(), target, negatives]),
        "offsets": torch.cat(starts).int(),
        "target": target,
        "class": torch.zeros(len(target), dtype=torch.long),
    }


def eager_step(torch, loss_of, weights, adam):
    for weight in weights.values():
        weight.requires_grad_()
    betas = (adam["beta1"], adam["beta2"])
    optimizer = torch.optim.Adam(weights.values(), adam["learningRate"], betas, adam["epsilon"], fused=True)

    def step(batch):
        optimizer.zero_grad()
        loss = loss_of(weights, batch)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def compiled_step(torch, loss_of, weights, adam):
    """Loss, gradient and Adam in one graph, which costs less than torch.compile of an eager step with its optimizer."""
    rate, b1, b2 = adam["learningRate"], adam["beta1"], adam["beta2"]
    first = {name: torch.zeros_like(w) for name, w in weights.items()}
    second = {name: torch.zeros_like(w) for name, w in weights.items()}
    clock = torch.zeros(())

    @torch.no_grad()
    @torch.compile(fullgraph=True, dynamic=False, options={"cpp_wrapper": True})
    def step(weights, first, second, clock, batch):
        grads, loss = torch.func.grad_and_value(loss_of)(weights, batch)
        clock += 1
        c1, c2 = 1 - b1**clock, 1 - b2**clock
        for name, weight in weights.items():
            m = first[name].mul_(b1).add_(grads[name], alpha=1 - b1)
            v = second[name].mul_(b2).addcmul_(grads[name], grads[name], value=1 - b2)
            weight.sub_(rate * (m / c1) / ((v / c2).sqrt() + adam["epsilon"]))
        return loss

    return lambda batch: step(weights, first, second, clock, batch)


def create(workload, threads):
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    loss_of = losses(torch)[workload.name]
    weights = {name: torch.from_numpy(value) for name, value in workload.weights.items()}
    batches = [{name: torch.from_numpy(value) for name, value in batch.items()} for batch in workload.batches]
    if workload.name == "two-tower":
        batches = [bag(torch, **batch) for batch in batches]
    make_step = compiled_step if "--compile" in sys.argv else eager_step
    step = make_step(torch, loss_of, weights, workload.adam)
    taken = 0

    def run(count):
        nonlocal taken
        result = []
        for _ in range(count):
            result.append(step(batches[taken % len(batches)]))
            taken += 1
        return result

    return {"torch": torch.__version__}, run


serve(create)
