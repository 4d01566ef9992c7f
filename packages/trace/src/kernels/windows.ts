/** Sliding windows of convolutions and pools: sizes along each spatial axis, as tfjs computes them. */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelGraph } from "../recorder/kernel-graph.ts";
import type { Attributes, TracedValue } from "../recorder/traced-value.ts";
import { padAxes } from "./pad-axes.ts";
import { sliceAxes, toEnd, wholeAxis } from "./slice-axes.ts";

/** The windows along one spatial axis. */
export interface Window {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells of padding before and after the input; below 0, cells of the input that no window sees. */
  readonly before: number;
  readonly after: number;
  /** Whether ONNX's SAME_UPPER pads it so, and does for every size of the input. */
  readonly isSame?: boolean;
}

type Info3d = ReturnType<typeof tf.backend_util.computeConv3DInfo>;
type Info2d =
  | ReturnType<typeof tf.backend_util.computeConv2DInfo>
  /** Its last two axes. */
  | Info3d;

/** Height, width. */
export function windowsOf2d(info: Info2d): readonly Window[] {
  const { padInfo } = info;
  return [
    createWindow(
      {
        input: info.inHeight,
        output: info.outHeight,
        kernel: info.filterHeight,
        stride: info.strideHeight,
        dilation: info.dilationHeight,
        before: padInfo.top,
        after: padInfo.bottom,
      },
      padInfo.type,
    ),
    createWindow(
      {
        input: info.inWidth,
        output: info.outWidth,
        kernel: info.filterWidth,
        stride: info.strideWidth,
        dilation: info.dilationWidth,
        before: padInfo.left,
        after: padInfo.right,
      },
      padInfo.type,
    ),
  ];
}

/** Depth, height, width. */
export function windowsOf3d(info: Info3d): readonly Window[] {
  return [
    createWindow(
      {
        input: info.inDepth,
        output: info.outDepth,
        kernel: info.filterDepth,
        stride: info.strideDepth,
        dilation: info.dilationDepth,
        before: info.padInfo.front,
        after: info.padInfo.back,
      },
      info.padInfo.type,
    ),
    ...windowsOf2d(info),
  ];
}

/** tfjs and ONNX pad the same way, unless windows leave cells out or have gaps. */
function isSamePadded(window: Window, type: string): boolean {
  return type === "SAME" && window.dilation === 1 && window.stride <= window.kernel;
}

/** tfjs rounds the number of windows in several ways, ONNX downwards: the padding behind makes up for it. */
function createWindow(given: Window, type: string): Window {
  const window = { ...given, isSame: isSamePadded(given, type) };
  const { input, output, before, after, stride } = window;
  const reach = reachOf(window);
  const rounded = Math.floor((input + before + after - reach) / stride) + 1;
  // Only where they differ, as the padding would else change with a symbolic size.
  return rounded === output ? window : { ...window, after: (output - 1) * stride + reach - input - before };
}

/** Cells from the first to the last that one window sees. */
export function reachOf({ kernel, dilation }: Window): number {
  return (kernel - 1) * dilation + 1;
}

/** Cells behind the last window; less than a stride. */
export function restOf(window: Window): number {
  const { input, output, before, after, stride } = window;
  return input + before + after - reachOf(window) - (output - 1) * stride;
}

/** Whether there is no window at all. */
export function isEmpty(windows: readonly Window[]): boolean {
  return windows.some(({ output }) => output <= 0);
}

/** A window that lies in the padding alone has neither a maximum nor a mean. */
export function refuseEmptyWindows(graph: KernelGraph, windows: readonly Window[]): void {
  const wide = windows.find((window) => Math.max(window.before, window.after) >= reachOf(window));
  if (wide === undefined) return;
  const pad = Math.max(wide.before, wide.after);
  graph.refuse(`padding of ${pad} holds whole windows of ${reachOf(wide)}; pad by less than the window`);
}

/** Padding, strides and dilations of an ONNX op, without what changes nothing. */
export function windowAttributes(windows: readonly Window[]): Attributes {
  const pads = [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)];
  // With strides, pads hang on the size, which may be symbolic.
  const isSame = windows.every((window) => window.isSame) && windows.some(({ stride }) => stride !== 1);
  const strides = windows.map(({ stride }) => stride);
  const dilations = windows.map(({ dilation }) => dilation);
  return {
    ...(isSame ? { auto_pad: "SAME_UPPER" } : pads.some((pad) => pad !== 0) && { pads }),
    ...(strides.some((stride) => stride !== 1) && { strides }),
    ...(dilations.some((dilation) => dilation !== 1) && { dilations }),
  };
}

/** The windows on what `cropUnseen` leaves of the input. */
export function withinInput(window: Window): Window {
  const { input, before, after } = window;
  if (before >= 0 && after >= 0) return window;
  return {
    ...window,
    input: input + Math.min(before, 0) + Math.min(after, 0),
    before: Math.max(before, 0),
    after: Math.max(after, 0),
  };
}

/** `[batch, channels, …]` without the cells that padding below 0, which ONNX does not know, takes off. */
export function cropUnseen(graph: KernelGraph, x: TracedValue, windows: readonly Window[]): TracedValue {
  const ranges = windows.map(({ input, before, after }) => ({
    start: Math.max(-before, 0),
    end: after < 0 ? input + after : toEnd,
    step: 1,
  }));
  return sliceAxes(graph, x, [wholeAxis, wholeAxis, ...ranges]);
}

/** Zeros where `cropUnseen` took cells off. */
export function padUnseen(graph: KernelGraph, dx: TracedValue, windows: readonly Window[]): TracedValue {
  const unseen = windows.map(({ before, after }) => [Math.max(-before, 0), Math.max(-after, 0)] as const);
  return padAxes(graph, dx, [[0, 0], [0, 0], ...unseen]);
}
