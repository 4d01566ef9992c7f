/** `data` of JSON tensors: nested by the shape, or flat; row-major either way. */

/**
 * The elements in row-major order, or undefined with a line in `issues` when their number or nesting is not the shape's.
 * Elements are not looked at.
 *
 * @param count - product of the shape.
 */
export function flattenData(
  data: unknown,
  shape: readonly number[],
  count: number,
  path: string,
  issues: string[],
): readonly unknown[] | undefined {
  if (!Array.isArray(data)) {
    issues.push(`${path}: expected a list`);
    return undefined;
  }
  if (!data.some(Array.isArray)) {
    if (data.length === count) return data;
    issues.push(
      `${path}: expected ${count} elements for the shape [${shape.join(", ")}], got ${data.length}`,
    );
    return undefined;
  }
  const elements: unknown[] = [];
  if (collect(data, shape, 0, elements)) return elements;
  issues.push(`${path}: its nesting is not that of the shape [${shape.join(", ")}]`);
  return undefined;
}

/** No deeper than the shape has dims, however deep the data is. */
function collect(
  part: readonly unknown[],
  shape: readonly number[],
  axis: number,
  elements: unknown[],
): boolean {
  if (part.length !== shape[axis]) return false;
  const isInnermost = axis === shape.length - 1;
  for (const one of part) {
    if (isInnermost) {
      if (Array.isArray(one)) return false;
      elements.push(one);
    } else if (!Array.isArray(one) || !collect(one, shape, axis + 1, elements)) {
      return false;
    }
  }
  return true;
}
