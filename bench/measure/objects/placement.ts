/** How many objects a filled store has, and which pod is where. */
export interface Placement {
  readonly pods: number;
  readonly replicaSets: number;
  /** One pod, by its number from 0. */
  pod(number: number): PlacedPod;
  /** The ReplicaSet with that number: its namespace, and how many of the pods are its own. */
  replicaSet(number: number): { readonly namespace: string; readonly name: string; readonly replicas: number };
}

export interface PlacedPod {
  readonly namespace: string;
  readonly name: string;
  /** Number of its ReplicaSet. */
  readonly owner: number;
  /** Number of its node. */
  readonly node: number;
  readonly address: string;
}

export const NAMESPACES = 100;
export const NODES = 1_000;
/** Addresses of pods, with room for one /24 of each node; the default has room for 256 nodes. */
export const POD_CIDR = "10.128.0.0/12";
/** Pods of one ReplicaSet at most. */
const REPLICAS = 50;
/** Letters of generated names. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Spreads pods evenly over namespaces and nodes. All pods of a ReplicaSet are in one namespace, each on another node. */
export function placementOf(pods: number): Placement {
  const perNamespace = Math.ceil(pods / NAMESPACES);
  const setsPerNamespace = Math.ceil(perNamespace / REPLICAS);
  const namespaces = Math.ceil(pods / perNamespace);
  const podsIn = (namespace: number) => Math.min(perNamespace, pods - namespace * perNamespace);
  const setName = (number: number) => `web-${number % setsPerNamespace}-${hashOf(number)}`;
  const lastSets = Math.ceil(podsIn(namespaces - 1) / REPLICAS);
  return {
    pods,
    replicaSets: (namespaces - 1) * setsPerNamespace + lastSets,
    pod(number) {
      const namespace = Math.floor(number / perNamespace);
      const inNamespace = number % perNamespace;
      const owner = namespace * setsPerNamespace + Math.floor(inNamespace / REPLICAS);
      const node = number % NODES;
      return {
        namespace: namespaceName(namespace),
        name: `${setName(owner)}-${letters(number, 5)}`,
        owner,
        node,
        address: addressOn(node, 2 + (Math.floor(number / NODES) % 250)),
      };
    },
    replicaSet(number) {
      const namespace = Math.floor(number / setsPerNamespace);
      const first = (number % setsPerNamespace) * REPLICAS;
      const replicas = Math.min(REPLICAS, podsIn(namespace) - first);
      return { namespace: namespaceName(namespace), name: setName(number), replicas };
    },
  };
}

export function namespaceName(number: number): string {
  return `team-${String(number).padStart(3, "0")}`;
}

export function nodeName(number: number): string {
  return `worker-${String(number).padStart(4, "0")}`;
}

/** An address in the range of a node: with 0 at its end, the range's own. */
export function addressOn(node: number, last: number): string {
  return `10.${128 + (node >> 8)}.${node & 255}.${last}`;
}

/** The address of a node itself. */
export function nodeAddress(node: number): string {
  return `172.20.${node >> 8}.${node & 255}`;
}

/** A uid that no other object has. @param kind - One of eight hexadecimal digits for each kind of object. */
export function uidOf(kind: string, number: number): string {
  return `${kind}-5a1d-4c3e-9f2b-${number.toString(16).padStart(12, "0")}`;
}

/** `pod-template-hash` of a ReplicaSet. */
export function hashOf(replicaSet: number): string {
  return `7d9c${letters(replicaSet, 5)}`;
}

function letters(number: number, length: number): string {
  const digit = (at: number) => LETTERS[Math.floor(number / LETTERS.length ** at) % LETTERS.length];
  return Array.from({ length }, (_, at) => digit(length - 1 - at)).join("");
}
