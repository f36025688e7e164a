/** Kinds that ports can be forwarded to. */
export type TargetKind = "Service" | "Pod" | WorkloadKind;
/** Kinds that make pods, which are found by their selector. */
export type WorkloadKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet";

/** One object whose ports are forwarded. */
export interface Target {
  readonly kind: TargetKind;
  readonly namespace: string;
  readonly name: string;
}

/** A port as it was asked for. */
export interface WantedPort {
  /** On this machine; 0 is any free one. Undefined: the same as the target's. */
  readonly local: number | undefined;
  /** The target's, by number or name. */
  readonly remote: number | string;
}

/** What is to be forwarded. */
export interface WantedForward {
  readonly target: Target;
  /** None: every TCP port that the target declares. */
  readonly ports: readonly WantedPort[];
}

/** Names of kinds as kubectl takes them. */
const KINDS: Readonly<Record<TargetKind, readonly string[]>> = {
  Service: ["service", "services", "svc"],
  Pod: ["pod", "pods", "po"],
  Deployment: ["deployment", "deployments", "deploy"],
  ReplicaSet: ["replicaset", "replicasets", "rs"],
  StatefulSet: ["statefulset", "statefulsets", "sts"],
  DaemonSet: ["daemonset", "daemonsets", "ds"],
};

/**
 * Reads `[NAMESPACE/]TYPE/NAME [[LOCAL:]PORT...]`, once or several times.
 *
 * @param namespace - Where a target is that names none.
 * @returns the reason in place of the targets when a word is wrong.
 */
export function parseForwards(words: readonly string[], namespace: string): readonly WantedForward[] | string {
  const forwards: { target: Target; ports: WantedPort[] }[] = [];
  for (const word of words) {
    if (word.includes("/")) {
      const target = parseTarget(word, namespace);
      if (typeof target === "string") return target;
      forwards.push({ target, ports: [] });
      continue;
    }
    const port = parsePort(word);
    const last = forwards.at(-1);
    if (last === undefined) return notTarget(words);
    if (typeof port === "string") return port;
    last.ports.push(port);
  }
  return forwards;
}

/** The first word is a name, or a type whose name follows. */
function notTarget([word = "", next = "NAME"]: readonly string[]): string {
  const examples = kindNamed(word.toLowerCase()) === undefined ? `svc/${word} or pod/${word}` : `${word}/${next}`;
  return `"${word}" must be TYPE/NAME, for example ${examples}`;
}

/** `service/quote`, as messages name a target. */
export function describeTarget({ kind, name }: Target): string {
  return `${kind.toLowerCase()}/${name}`;
}

function parseTarget(word: string, namespace: string): Target | string {
  const parts = word.split("/");
  const [name = "", type = "", ownNamespace = namespace] = parts.toReversed();
  if (parts.length > 3 || parts.includes("")) return `"${word}" must be TYPE/NAME or NAMESPACE/TYPE/NAME`;
  const kind = kindNamed(type.toLowerCase());
  if (kind !== undefined) return { kind, namespace: ownNamespace, name };
  const known = Object.values(KINDS).map(([first]) => first);
  return `"${word}" cannot be forwarded: "${type}" must be one of ${known.join(", ")}`;
}

function kindNamed(type: string): TargetKind | undefined {
  for (const [kind, names] of Object.entries(KINDS)) {
    // The record's own keys.
    if (names.includes(type)) return kind as TargetKind;
  }
  return undefined;
}

const PORT_MAX = 65_535;

/** `8080:80`, `80`, `:80`, `8080:http`, `http`. */
function parsePort(word: string): WantedPort | string {
  const [, local, remote = ""] = /^(?:(\d*):)?([a-z0-9]([a-z0-9-]*[a-z0-9])?)$/.exec(word) ?? [];
  const isNumber = /^\d+$/.test(remote);
  const number = Number(remote);
  const localNumber = Number(local ?? 0);
  if (remote === "" || (isNumber && (number < 1 || number > PORT_MAX)) || localNumber > PORT_MAX) {
    return `"${word}" must be a port, LOCAL:PORT or :PORT, with numbers up to ${PORT_MAX} or the port's name`;
  }
  return { local: local === undefined ? undefined : localNumber, remote: isNumber ? number : remote };
}
