import type { Volume } from "../volume.ts";
import { fractionalByteWarnings } from "./pod-containers.ts";

/** Volume plugins that upstream has deprecated or removed, in its order. Claims of the pod's own come between them. */
const BEFORE_CLAIMS: readonly (readonly [keyof Volume, string])[] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
];

const AFTER_CLAIMS: readonly (readonly [keyof Volume, string])[] = [
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

/** Returns the warnings of the plugins and claims of a pod's volumes. */
export function volumeWarnings(volumes: readonly Volume[], path: string): readonly string[] {
  return volumes.flatMap((volume, i) => {
    const at = `${path}[${i}]`;
    const deprecated = (plugins: typeof BEFORE_CLAIMS) =>
      plugins.flatMap(([plugin, text]) =>
        volume[plugin] === undefined ? [] : [`${at}.${shownName(plugin)}: ${text}`],
      );
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    const resources = `${at}.ephemeral.volumeClaimTemplate.spec.resources`;
    return [
      ...deprecated(BEFORE_CLAIMS),
      ...fractionalByteWarnings(claim?.resources?.requests, `${resources}.requests`, ["storage"]),
      ...fractionalByteWarnings(claim?.resources?.limits, `${resources}.limits`, ["storage"]),
      ...deprecated(AFTER_CLAIMS),
    ];
  });
}

/** Upstream's message does not write this field as JSON does. */
function shownName(plugin: keyof Volume): string {
  return plugin === "storageos" ? "storageOS" : plugin;
}
