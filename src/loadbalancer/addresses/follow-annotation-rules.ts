import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Cache } from "@fairlead/client/cache/cache";
import { type KeySource, keysFrom } from "@fairlead/client/controller/run-controller";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ANNOTATION_RULES, type ReadRules, readAnnotationRules } from "./annotation-rules.ts";

/** What annotations of clouds mean in a cluster, as it is now. */
export interface FollowedRules {
  current(): ReadRules["rules"];
  /** What changes them. @param keys - The keys that each change gives. */
  changes(keys: () => Iterable<string>): readonly KeySource[];
}

/** Reads the table when it has changed, and records at its ConfigMap why it is not in force. */
export function followAnnotationRules(configMaps: Cache<ConfigMap>, events: EventRecorder): FollowedRules {
  let read: { readonly from: ConfigMap | undefined; readonly rules: ReadRules["rules"] } | undefined;

  function readNow(): ReadRules["rules"] {
    const from = configMaps.get(ANNOTATION_RULES);
    if (read !== undefined && read.from === from) return read.rules;
    const { rules, problem } = readAnnotationRules(from);
    read = { from, rules };
    if (from !== undefined && problem !== undefined) {
      const message = `Cannot use it: ${problem}. The rules are those of a cluster without it`;
      events.record(from, { type: "Warning", reason: "InvalidConfiguration", message });
    }
    return rules;
  }

  return {
    current: readNow,
    changes: (keys) => [
      keysFrom(configMaps, ({ key }) => {
        if (key !== ANNOTATION_RULES) return [];
        readNow();
        return keys();
      }),
    ],
  };
}
