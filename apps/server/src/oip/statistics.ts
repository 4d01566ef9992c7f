/** Statistics of versions as Triton's extension has them: figures that only grow; clients take differences. */
import type { ServedVersion } from "../models/models.ts";
import type { Tally } from "../statistics/version-statistics.ts";

const nothing: Tally = { count: 0, ns: 0 };

export function versionStatistics({ name, version, statistics }: ServedVersion) {
  const read = statistics.read();
  return {
    name,
    version: String(version),
    last_inference: read.lastCallAt,
    inference_count: read.rows,
    execution_count: read.runs,
    inference_stats: {
      success: read.success,
      fail: read.fail,
      queue: read.queue,
      compute_input: read.decode,
      compute_infer: read.compute,
      compute_output: read.encode,
      cache_hit: nothing,
      cache_miss: nothing,
    },
    response_stats: {},
    batch_stats: [...read.batches].map(([batch_size, compute_infer]) => ({
      batch_size,
      compute_input: nothing,
      compute_infer,
      compute_output: nothing,
    })),
    memory_usage: [],
  };
}
