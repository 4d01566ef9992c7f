/** Fits the autoencoder: seeded batches through the engine, checkpoints on the way. */
import type { Interactions } from "@attune/contracts";
import { createRandom, type Random } from "@attune/numeric";
import type { FitHooks, Tensors } from "@attune/train";
import { pause } from "@attune/train";
import { meanSquaredWeight } from "../interactions/shape.ts";
import { createBatch } from "./batch.ts";
import { type AutoencoderConfig, refuseLargeAutoencoder } from "./config.ts";
import type { AutoencoderEngine } from "./engine.ts";
import { initializeWeights, weightTensors } from "./weights.ts";

/** Epochs between two checkpoints. */
const checkpointEpochs = 5;

/**
 * Multinomial denoising autoencoder: L2-normalised history with dropout → tanh layer → softmax over the catalogue.
 *
 * An epoch draws from the seed and its own number only, so a run of 20 epochs is the start of one of 40.
 *
 * @throws {AttuneError} `TRAIN_TOO_LARGE`, `TRAIN_BACKEND`, `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`.
 * @see Liang, Krishnan, Hoffman & Jebara 2018, "Variational autoencoders for collaborative filtering" (Mult-DAE).
 */
export async function fitAutoencoder(
  interactions: Interactions,
  config: AutoencoderConfig,
  hooks: FitHooks,
): Promise<Tensors> {
  refuseLargeAutoencoder(interactions.itemCount, config);
  // tfjs takes a moment to load, so only those who train with it wait.
  const { createEngine } = await import("./engine.ts");
  const random = createRandom(hooks.seed).fork("autoencoder");
  const initial = initializeWeights(interactions.itemCount, config.hidden, random);
  const engine = await createEngine(initial, config, hooks.createSession);
  try {
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      const loss = await runEpoch(interactions, config, hooks, engine, random.fork(`epoch ${epoch}`));
      hooks.onEpoch?.({ epoch, epochs: config.epochs, loss });
      if (hooks.onCheckpoint === undefined) continue;
      if (epoch % checkpointEpochs !== 0 && epoch !== config.epochs) continue;
      const tensors = weightTensors(await engine.weights());
      if (!(await hooks.onCheckpoint({ hyperparameters: { ...config, epochs: epoch }, tensors }))) break;
    }
    return weightTensors(await engine.weights());
  } finally {
    await engine.dispose();
  }
}

/** Every user with events once, in an order of its own. Returns the mean loss per user. */
async function runEpoch(
  interactions: Interactions,
  config: AutoencoderConfig,
  hooks: FitHooks,
  engine: AutoencoderEngine,
  random: Random,
): Promise<number> {
  const { userCount, offsets } = interactions;
  const users = Int32Array.from({ length: userCount }, (_, user) => user).filter(
    (user) => offsets[user + 1]! > offsets[user]!,
  );
  random.shuffle(users);
  const scale = Math.sqrt(meanSquaredWeight(interactions));
  let sum = 0;
  for (let start = 0; start < users.length; start += config.batchSize) {
    await pause("autoencoder", hooks.signal);
    const rows = users.subarray(start, start + config.batchSize);
    const loss = await engine.step(
      createBatch(interactions, { users: rows, dropout: config.dropout, scale, random }),
    );
    sum += loss * rows.length;
  }
  return users.length === 0 ? 0 : sum / users.length;
}
