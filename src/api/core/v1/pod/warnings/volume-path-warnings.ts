import { goQuote } from "../../../../go-quote.ts";
import type { Volume, VolumeProjection } from "../volume.ts";

/** A path that a volume makes, and what it comes from. */
interface SourcePath {
  readonly path: string;
  /** Empty where a volume has only one source. */
  readonly source: string;
}

/** Returns warnings for paths of a volume that equal or contain one another: only one of them can be created. */
export function volumePathWarnings(volumes: readonly Volume[]): readonly string[] {
  return volumes.flatMap((volume) => [
    ...sourceWarnings(volume),
    ...(volume.projected === undefined ? [] : projectedWarnings(volume.name, volume.projected.sources ?? [])),
  ]);
}

function sourceWarnings({ name, configMap, secret, downwardAPI }: Volume): readonly string[] {
  const quoted = (text: string | undefined) => goQuote(text ?? "");
  const overlapping = (description: string, items: readonly { readonly path: string }[]) =>
    overlaps(items.map(({ path }) => ({ path, source: "" }))).map((text) => warning(name, description, text));
  return [
    ...overlapping(`ConfigMap ${quoted(configMap?.name)}`, configMap?.items ?? []),
    ...overlapping(`Secret ${quoted(secret?.secretName)}`, secret?.items ?? []),
    ...overlapping("DownwardAPI", downwardAPI?.items ?? []),
  ];
}

function projectedWarnings(name: string, sources: readonly VolumeProjection[]): readonly string[] {
  const empty = sources
    .filter((source) => Object.values(source).every((value) => value === undefined))
    .map(() => `volume ${goQuote(name)} (Projected) has no sources provided`);
  return [...empty, ...overlaps(sources.flatMap(projectedPaths)).map((text) => warning(name, "Projected", text))];
}

function projectedPaths(projection: VolumeProjection): readonly SourcePath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = projection;
  const pathsOf = (items: readonly { readonly path: string }[], source: string) =>
    items.map(({ path }) => ({ path, source }));
  const quoted = (text: string | undefined) => goQuote(text ?? "");
  if (configMap?.items !== undefined) return pathsOf(configMap.items, `ConfigMap ${quoted(configMap.name)}`);
  if (secret?.items !== undefined) return pathsOf(secret.items, `Secret ${quoted(secret.name)}`);
  if (downwardAPI?.items !== undefined) return pathsOf(downwardAPI.items, "DownwardAPI");
  if (serviceAccountToken !== undefined) return pathsOf([serviceAccountToken], "ServiceAccountToken");
  if (clusterTrustBundle !== undefined) {
    const { name = clusterTrustBundle.signerName } = clusterTrustBundle;
    return pathsOf([clusterTrustBundle], `ClusterTrustBundle ${quoted(name)}`);
  }
  const { certificateChainPath = "", keyPath = "", credentialBundlePath = "" } = podCertificate ?? {};
  return [
    { path: certificateChainPath, source: "PodCertificate chain" },
    { path: keyPath, source: "PodCertificate key" },
    { path: credentialBundlePath, source: "PodCertificate credential bundle" },
  ].filter(({ path }) => path !== "");
}

/** Most paths that are compared with each other. A volume with more is checked up to here: the cost is quadratic. */
const COMPARED_MAX = 500;

/** Each path with each earlier one that it overlaps with. */
function overlaps(paths: readonly SourcePath[]): readonly string[] {
  const trimmed = paths.slice(0, COMPARED_MAX).map(({ path, source }) => ({ path: path.replace(/\/+$/, ""), source }));
  return trimmed.flatMap((later, index) =>
    trimmed
      .slice(0, index)
      .flatMap((earlier) => (overlap(later.path, earlier.path) ? [`${shown(later)} with ${shown(earlier)}`] : [])),
  );
}

function overlap(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function shown({ path, source }: SourcePath): string {
  return source === "" ? goQuote(path) : `${goQuote(path)} (${source})`;
}

function warning(volume: string, description: string, text: string): string {
  return `volume ${goQuote(volume)} (${description}): overlapping paths: ${text}`;
}
