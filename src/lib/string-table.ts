/** Makes equal strings one: objects that are parsed have a copy of each name and time of their own. */
export interface StringTable {
  /** Replaces strings in a JSON value, in place, by equal ones that were seen before. */
  unify(value: object): void;
}

export interface StringTableOptions {
  /** Longer strings, in characters, are left alone: they are seldom repeated. */
  readonly lengthMax: number;
  /** A table with more strings is cleared: most of them were seen once. */
  readonly stringsMax: number;
}

export function createStringTable({ lengthMax, stringsMax }: StringTableOptions): StringTable {
  let known = new Map<string, string>();

  const unified = (text: string): string => {
    if (text.length > lengthMax) return text;
    const same = known.get(text);
    if (same !== undefined) return same;
    if (known.size >= stringsMax) known = new Map();
    known.set(text, text);
    return text;
  };

  return {
    unify(value) {
      // Clients nest deeper than the stack.
      const unfinished: Container[] = [value as Container];
      for (let container = unfinished.pop(); container !== undefined; container = unfinished.pop()) {
        if (Array.isArray(container)) {
          for (let i = 0; i < container.length; i++) {
            const item = container[i];
            if (typeof item === "string") container[i] = unified(item);
            else if (typeof item === "object" && item !== null) unfinished.push(item as Container);
          }
        } else {
          for (const key in container) {
            const inner = container[key];
            if (typeof inner === "string") container[key] = unified(inner);
            else if (typeof inner === "object" && inner !== null) unfinished.push(inner as Container);
          }
        }
      }
    },
  };
}

type Container = unknown[] | Record<string, unknown>;
