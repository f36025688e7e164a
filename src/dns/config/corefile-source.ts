/** The namespace of the ConfigMaps. */
export const CONFIG_NAMESPACE = "kube-system";
/** The ConfigMaps that may hold a Corefile: the first one that is there counts. The second is kubeadm's. */
export const CONFIG_NAMES = ["fairlead-dns", "coredns"] as const;
/** The key of the Corefile. */
export const CONFIG_KEY = "Corefile";

/** A ConfigMap that may hold a Corefile. */
export interface CorefileMap {
  readonly data?: Readonly<Record<string, string>> | undefined;
}

/** Where the configuration comes from: a ConfigMap, or nowhere: then the default is in force. */
export type CorefileSource =
  | { readonly from: "default" }
  | { readonly from: (typeof CONFIG_NAMES)[number]; readonly text: string | undefined };

/** Chooses the ConfigMap that counts. Its text is undefined when it lacks the key. */
export function corefileSource(maps: (name: (typeof CONFIG_NAMES)[number]) => CorefileMap | undefined): CorefileSource {
  for (const name of CONFIG_NAMES) {
    const map = maps(name);
    if (map !== undefined) return { from: name, text: map.data?.[CONFIG_KEY] };
  }
  return { from: "default" };
}
