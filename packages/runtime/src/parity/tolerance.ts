/** How far a runtime may be from the trainer. */

/**
 * Numbers of the runtimes and the trainer may differ by this much: float32 sums in another order. Above 1 it is
 * relative, since float32 itself is.
 */
export const parityTolerance = 1e-5;
