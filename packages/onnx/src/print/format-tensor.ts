/** One line for a constant. */
import type { Tensor } from "@attune/contracts";

/** `float32[2, 3] {1, 2, 3, …}`: dtype, dims and the first values. */
export function formatTensor(tensor: Tensor, limit = 6): string {
  const count = Math.min(tensor.data.length, limit);
  const values = Array.from({ length: count }, (_, i) => formatElement(tensor, i));
  if (tensor.data.length > limit) values.push("…");
  return `${tensor.dtype}[${tensor.dims.join(", ")}] {${values.join(", ")}}`;
}

function formatElement({ dtype, data }: Tensor, index: number): string {
  const value = data[index];
  if (dtype === "string") return quote(String(value));
  if (dtype === "bool") return value === 0 ? "false" : "true";
  // Six digits tell values apart; float32 has no more than nine.
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

/** JSON quoting; long texts are cut. */
export function quote(text: string, limit = 60): string {
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}
