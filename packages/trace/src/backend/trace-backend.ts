/** The tfjs backend that computes nothing: its tensors are values of a trace. */
import { AttuneError, type Tensor } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import type { TracedValue } from "../recorder/traced-value.ts";
import type { TraceSession } from "./trace-session.ts";

type DataId = tf.DataId;

/**
 * Holds which tensor is which traced value. One instance is registered with tfjs; it works for one `TraceSession` at
 * a time and refuses to without.
 */
export class TraceBackend extends tf.KernelBackend {
  #session: TraceSession | undefined;
  #entries = new WeakMap<DataId, { readonly value: TracedValue; references: number }>();
  #count = 0;

  /** The trace under way. */
  get session(): TraceSession {
    if (this.#session === undefined) {
      throw new AttuneError("TRACE_HOST_READ", { what: "it", where: "code outside the traced function" });
    }
    return this.#session;
  }

  set session(session: TraceSession | undefined) {
    this.#session = session;
    this.#entries = new WeakMap();
    this.#count = 0;
  }

  get isTracing(): boolean {
    return this.#session !== undefined;
  }

  /** A new tensor handle of a traced value. */
  hold(value: TracedValue): tf.TensorInfo {
    const dataId: DataId = {};
    this.#entries.set(dataId, { value, references: 1 });
    this.#count++;
    return { dataId, shape: [...value.dims], dtype: value.dtype as tf.DataType };
  }

  find(dataId: DataId): TracedValue | undefined {
    return this.#entries.get(dataId)?.value;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): DataId {
    return this.hold(this.session.constant(values, shape, dtype)).dataId;
  }

  /** Only tfjs's own bookkeeping moves tensors here; kernels read those of other backends without moving them. */
  override move(
    dataId: DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.#entries.set(dataId, { value: this.session.constant(values, shape, dtype), references });
    this.#count++;
  }

  override readSync(dataId: DataId): tf.BackendValues {
    const value = this.find(dataId);
    const tensor = value?.known?.();
    if (tensor === undefined) throw this.session.hostRead();
    return tensor.data as Exclude<Tensor["data"], readonly string[] | BigInt64Array | Float64Array>;
  }

  override read(dataId: DataId): Promise<tf.BackendValues> {
    return new Promise((resolve) => resolve(this.readSync(dataId)));
  }

  override incRef(dataId: DataId): void {
    const entry = this.#entries.get(dataId);
    if (entry !== undefined) entry.references++;
  }

  override refCount(dataId: DataId): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) return true;
    if (entry.references <= 0) return true;
    entry.references = force ? 0 : entry.references - 1;
    if (entry.references > 0) return false;
    // The value stays to be found: tfjs's gradients use tensors whose data a clone of theirs keeps alive elsewhere.
    this.#count--;
    return true;
  }

  override numDataIds(): number {
    return this.#count;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.session = undefined;
  }
}
