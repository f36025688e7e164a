import type { Node } from "@fairlead/api/core/v1/node/node";

/** On how many nodes each image is, by every name it has. */
export interface ImageCounts {
  of(image: string): number;
  /** A node came, changed or went. */
  replace(before: Node | undefined, after: Node | undefined): void;
}

/** No images anywhere. */
export function imageCounts(): ImageCounts {
  const counts = new Map<string, number>();

  function add(node: Node | undefined, by: 1 | -1): void {
    const names = new Set((node?.status.images ?? []).flatMap(({ names = [] }) => names));
    for (const name of names) {
      const count = (counts.get(name) ?? 0) + by;
      if (count === 0) counts.delete(name);
      else counts.set(name, count);
    }
  }

  return {
    of: (image) => counts.get(image) ?? 0,
    replace(before, after) {
      add(before, -1);
      add(after, 1);
    },
  };
}
