import type { Filter } from "../state/cluster-state.ts";
import { factsOf } from "../state/pod-facts.ts";

/** A claim with the access mode ReadWriteOncePod is for one pod of the whole cluster at a time. */
export const volumeRestrictions: Filter = {
  name: "VolumeRestrictions",
  check({ pod, claims }, cluster) {
    const alone = claims.filter((key) => cluster.claim(key)?.spec.accessModes?.includes("ReadWriteOncePod"));
    const isTaken =
      alone.length > 0 &&
      cluster.nodes.some(({ pods }) =>
        pods.some(
          (other) => other.pod.metadata.uid !== pod.metadata.uid && other.claims.some((key) => alone.includes(key)),
        ),
      );
    if (!isTaken) return undefined;
    return () => ({
      reasons: ["node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"],
      couldPreempt: true,
    });
  },
  mayHelp({ claims }, event) {
    if (event.type === "claim") return claims.includes(event.key);
    // Its pods do not count any more.
    if (event.type === "node") return event.after === undefined;
    return event.type === "pod left" && factsOf(event.pod).claims.some((key) => claims.includes(key));
  },
};
