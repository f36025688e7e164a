import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Logger } from "@fairlead/lib/log";
import type { PortMapping } from "./services/service-ports.ts";

/** Reports external addresses that the proxy does not redirect. */
export interface ReservedReport {
  /** Logs and records an event when the Service's reserved addresses have changed. */
  set(key: string, service: Service | undefined, mappings: readonly PortMapping[]): void;
}

/** A report of nothing yet. */
export function createReservedReport({
  events,
  nodeName,
  log,
}: {
  readonly events: EventRecorder;
  readonly nodeName: string;
  readonly log: Logger;
}): ReservedReport {
  const reported = new Map<string, string>();
  return {
    set(key, service, mappings) {
      const texts = mappings.flatMap(({ protocol, port, reserved }) =>
        reserved.map(({ address, reason }) => `${address} port ${port}/${protocol.toUpperCase()}: ${reason}`),
      );
      const text = texts.join("; ");
      if ((reported.get(key) ?? "") === text) return;
      if (text === "") reported.delete(key);
      else reported.set(key, text);
      if (text === "" || service === undefined) return;
      log.warn("External address of a Service is reserved: not redirected", { service: key, reserved: texts });
      events.record(service, {
        type: "Warning",
        reason: "ExternalAddressReserved",
        message: `Node "${nodeName}" does not redirect external address ${text}`,
      });
    },
  };
}
