import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";

/** How long no node answers for a Service before an event says so, in milliseconds: its pods may be starting. */
const NONE_MS = 10_000;

interface Waiting {
  readonly why: string;
  readonly sinceMs: number;
  isSaid: boolean;
}

/** Records at Services which node answers for them, and why none does. Keys are Services. */
export interface Reports {
  /** The node has begun to answer, or to announce. */
  answers(service: Service, protocol: "layer2" | "bgp"): void;
  /** The node is elected, and has none of the interfaces of an address. */
  homeless(key: string, service: Service, address: string): void;
  /** Another machine, by its hardware address, answers for an address, too. */
  shared(service: Service, address: string, hardwareAddress: string): void;
  /** No node answers. To be called again when {@link dueKeys} has the Service. */
  none(key: string, service: Service, why: string): void;
  /** Some node answers, or the Service has no address. */
  forget(key: string): void;
  /** Services whose event is due. */
  dueKeys(): readonly string[];
  /** In how many milliseconds the next one is. */
  dueInMs(): number;
}

export function createReports(events: EventRecorder, nodeName: string, clock: Clock): Reports {
  const waiting = new Map<string, Waiting>();
  const said = new Map<string, string>();
  return {
    answers(service, protocol) {
      const message = `announcing from node "${nodeName}" with protocol "${protocol}"`;
      events.record(service, { type: "Normal", reason: "nodeAssigned", message });
    },
    homeless(key, service, address) {
      const named = `the interfaces specified by LB IP "${address}" doesn't exist in assigned node "${nodeName}"`;
      const message = `${named} with protocol "layer2"`;
      if (said.get(key) === message) return;
      said.set(key, message);
      events.record(service, { type: "Warning", reason: "announceFailed", message });
    },
    shared(service, address, hardwareAddress) {
      const message = `${hardwareAddress} answers for ${address}, too: keep the address for load balancers alone, or take it out of its pool`;
      events.record(service, { type: "Warning", reason: "AddressConflict", message });
    },
    none(key, service, why) {
      const now = clock.monotonicMs();
      const before = waiting.get(key);
      const entry = before?.why === why ? before : { why, sinceMs: now, isSaid: false };
      waiting.set(key, entry);
      if (entry.isSaid || now - entry.sinceMs < NONE_MS) return;
      entry.isSaid = true;
      const message = `no node answers for its address: ${why}`;
      events.record(service, { type: "Warning", reason: "NotAnnounced", message });
    },
    forget: (key) => void waiting.delete(key),
    dueKeys() {
      const before = clock.monotonicMs() - NONE_MS;
      return [...waiting].flatMap(([key, { isSaid, sinceMs }]) => (!isSaid && sinceMs <= before ? [key] : []));
    },
    dueInMs() {
      const open = [...waiting.values()].filter(({ isSaid }) => !isSaid);
      const first = Math.min(...open.map(({ sinceMs }) => sinceMs));
      return Math.max(0, first + NONE_MS - clock.monotonicMs());
    },
  };
}
