/** Uids of the pods that a kubelet looks after. */
export interface KnownPods {
  has(podUid: string): boolean;
}

/** Whether a container or sandbox belongs to no known pod. One without a uid was not made by a kubelet. */
export function isOrphan(known: KnownPods, { podUid }: { readonly podUid: string }): boolean {
  return podUid !== "" && !known.has(podUid);
}

/** Whether a folder of pods' files belongs to no known pod. */
export function isOrphanedPodFolder(known: KnownPods, name: string): boolean {
  return !known.has(name);
}

/** Whether a folder of logs belongs to no known pod. Such a folder is named `namespace_name_uid`; other names are not a pod's. */
export function isOrphanedLogFolder(known: KnownPods, name: string): boolean {
  const uid = /^[^_]+_[^_]+_([0-9a-f-]{36})$/.exec(name)?.[1];
  return uid !== undefined && !known.has(uid);
}
