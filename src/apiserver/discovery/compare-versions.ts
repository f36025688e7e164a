/**
 * Orders versions as upstream does: negative where `a` is the older one. `v2` is newer than `v1`, that than `v1beta1`, and that
 * than any name that is no version of Kubernetes; those follow the alphabet.
 *
 * Source: `CompareKubeAwareVersionStrings` of k8s.io/apimachinery/pkg/version.
 */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === undefined || right === undefined) {
    if (left !== undefined) return 1;
    if (right !== undefined) return -1;
    return a < b ? 1 : -1;
  }
  return left.stage - right.stage || left.major - right.major || left.minor - right.minor;
}

const STAGES: readonly (string | undefined)[] = ["alpha", "beta", undefined];

function partsOf(version: string) {
  const [match, major, stage, minor] = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(version) ?? [];
  if (match === undefined) return undefined;
  return { major: Number(major), stage: STAGES.indexOf(stage), minor: Number(minor ?? 0) };
}
