import { conditionOf } from "@fairlead/api/condition-of";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { OWN_CONDITIONS, RESIZE_CONDITIONS } from "./conditions.ts";

/** Lists that a strategic merge patch merges by `ip`: what is to go must be named. */
const byIp = ["podIPs", "hostIPs"] as const;

/**
 * The strategic merge patch that makes `stored` into `wanted`; undefined when there is nothing to change.
 *
 * Only the kubelet's own fields and conditions are in it, so that those of other writers are kept. `uid` makes the API
 * server refuse it for another pod of the same name.
 */
export function statusPatch(uid: string, stored: PodStatus, wanted: PodStatus): object | undefined {
  const changed = OWN_FIELDS.filter((name) => !same(stored[name], wanted[name])).map((name) => [
    name,
    wanted[name] ?? null,
  ]);
  const lists = byIp
    .filter((name) => !same(stored[name], wanted[name]))
    .map((name) => [name, [...(wanted[name] ?? []), ...goneIps(stored[name], wanted[name])]]);
  const conditions = (wanted.conditions ?? [])
    .filter((c) => OWN_CONDITIONS.includes(c.type))
    .filter((c) => !same(c, conditionOf(stored.conditions, c.type)))
    .map((c) => ({ reason: null, message: null, ...c }));
  const gone = (stored.conditions ?? [])
    .filter(({ type }) => RESIZE_CONDITIONS.includes(type) && conditionOf(wanted.conditions, type) === undefined)
    .map(({ type }) => ({ type, $patch: "delete" }));
  const all = [...conditions, ...gone];
  if (changed.length === 0 && lists.length === 0 && all.length === 0) return undefined;

  return {
    metadata: { uid },
    status: { ...Object.fromEntries([...changed, ...lists]), ...(all.length > 0 && { conditions: all }) },
  };
}

const OWN_FIELDS = [
  "observedGeneration",
  "phase",
  "message",
  "reason",
  "hostIP",
  "podIP",
  "startTime",
  "initContainerStatuses",
  "containerStatuses",
  "ephemeralContainerStatuses",
  "qosClass",
] as const;

interface Address {
  readonly ip: string;
}

function goneIps(stored: readonly Address[] = [], wanted: readonly Address[] = []) {
  return stored.filter((s) => !wanted.some((w) => w.ip === s.ip)).map(({ ip }) => ({ $patch: "delete", ip }));
}

/** Equal but for the order of fields, and for fields that one side leaves out because they are empty. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}

/** Fields that say something by being there, empty or not. */
const MEAN_SOMETHING: ReadonlySet<string> = new Set(["waiting", "running", "resources"]);

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, normal(inner)] as const)
    .filter(([name, inner]) => !isEmpty(inner) || MEAN_SOMETHING.has(name))
    .toSorted(([x], [y]) => (x < y ? -1 : 1));
  return entries.length === 0 ? {} : Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
