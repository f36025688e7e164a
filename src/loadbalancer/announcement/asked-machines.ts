import type { Liveness } from "./liveness.ts";

/** The machines that elections have asked for: only they are looked at. */
export interface AskedMachines {
  /** Elects for a Service, and remembers which machines that asked for. */
  elect<T>(service: string, elect: (isAlive: (address: string) => boolean) => T): T;
  /** Ends the looks at machines that no election has asked for last time. */
  forgetOthers(): void;
}

export function askedMachines(liveness: Pick<Liveness, "isAlive" | "keepOnly">): AskedMachines {
  const askedFor = new Map<string, ReadonlySet<string>>();
  return {
    elect(service, elect) {
      const asked = new Set<string>();
      const elected = elect((address) => {
        asked.add(address);
        return liveness.isAlive(address);
      });
      if (asked.size > 0) askedFor.set(service, asked);
      else askedFor.delete(service);
      return elected;
    },
    forgetOthers: () => liveness.keepOnly(new Set([...askedFor.values()].flatMap((asked) => [...asked]))),
  };
}
