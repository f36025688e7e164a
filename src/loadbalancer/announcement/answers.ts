import type { Decision } from "./decide.ts";
import type { WantedAddresses } from "./hold-addresses.ts";

type Answer = Extract<Decision, { readonly type: "answer" }>;

/** What this node answers for, by the `namespace/name` of Services. */
export interface Answers {
  /** Takes the latest decision about a Service. Returns whether the node has begun or ceased to answer for it. */
  note(key: string, decision: Decision): boolean;
  has(key: string): boolean;
  keys(): Iterable<string>;
  /** The Services that have an address. */
  keysOf(address: string): readonly string[];
  wanted(): WantedAddresses;
}

export function createAnswers(): Answers {
  const answers = new Map<string, Answer>();
  return {
    note(key, decision) {
      const had = answers.has(key);
      if (decision.type === "answer") answers.set(key, decision);
      else answers.delete(key);
      return had !== answers.has(key);
    },
    has: (key) => answers.has(key),
    keys: () => answers.keys(),
    keysOf: (address) => [...answers].flatMap(([key, { addresses }]) => (addresses.includes(address) ? [key] : [])),
    wanted: () => wantedOf(answers.values()),
  };
}

/** An address of several Services is announced at the interfaces of each. */
function wantedOf(all: Iterable<Answer>): WantedAddresses {
  const wanted = new Map<string, readonly string[] | undefined>();
  for (const { addresses, interfaces } of all) {
    for (const address of addresses) {
      const before = wanted.get(address);
      const isAtAll = interfaces === undefined || (wanted.has(address) && before === undefined);
      wanted.set(address, isAtAll ? undefined : [...(before ?? []), ...interfaces]);
    }
  }
  return wanted;
}
