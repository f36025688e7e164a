import type { Attributes, ResourceAttributes } from "./authorizer.ts";
import type { Grant, ResolvedRole } from "./rbac-index.ts";
import { ruleAllows, ruleAllowsSomeName } from "./rule-matches.ts";

/** The first grant of one subject that allows a request, and the roles that its grants name and that do not exist. */
export interface ShelfAnswer {
  readonly allowedBy: Grant | undefined;
  readonly missing: readonly string[];
}

/** The grants of one subject, cluster-wide or in one namespace. */
export interface GrantShelf {
  set(binding: string, grant: Grant | undefined): void;
  readonly size: number;
  all(): Iterable<Grant>;
  /** @param rolesVersion - Changes whenever a role does. */
  ask(attributes: Attributes, rolesVersion: number): ShelfAnswer;
}

/** The grants that allow a verb on a resource: for any object, and for objects by name. */
interface Topic {
  readonly anyName: Placed | undefined;
  readonly byName: ReadonlyMap<string, Placed>;
  readonly missing: readonly string[];
}

interface Placed {
  readonly place: number;
  readonly grant: Grant;
}

/** Fewer grants than this are looked through for each request. */
const REMEMBERED_FROM = 16;
/** Verbs on resources that are remembered for one subject. Clients choose them: they must not use up the memory. */
const TOPICS_MAX = 128;
/** Most characters of verb, group, resource and subresource that are remembered. Longer ones are looked through each time. */
const TOPIC_LENGTH_MAX = 512;

/**
 * An empty shelf.
 *
 * A request costs one look-up once its verb and resource have been asked for, whatever the number of grants: a pass over
 * all of them finds the first that allows any name, and the first for each name.
 */
export function grantShelf(resolve: (grant: Grant) => ResolvedRole): GrantShelf {
  const grants = new Map<string, Grant>();
  const topics = new Map<string, Topic>();
  let version = -1;

  function topicOf(asked: ResourceAttributes): Topic {
    const key = JSON.stringify([asked.verb, asked.group, asked.resource, asked.subresource]);
    let topic = topics.get(key);
    if (topic === undefined) {
      if (topics.size >= TOPICS_MAX) topics.clear();
      topic = collect([...grants.values()], asked, resolve);
      topics.set(key, topic);
    }
    return topic;
  }

  return {
    set(binding, grant) {
      if (grant === undefined) grants.delete(binding);
      else grants.set(binding, grant);
      topics.clear();
    },
    get size() {
      return grants.size;
    },
    all: () => grants.values(),
    ask(attributes, rolesVersion) {
      if (grants.size < REMEMBERED_FROM || attributes.type !== "resource" || isLong(attributes)) {
        return search(grants.values(), attributes, resolve);
      }
      if (version !== rolesVersion) topics.clear();
      version = rolesVersion;
      const { anyName, byName, missing } = topicOf(attributes);
      return { allowedBy: earlier(anyName, byName.get(attributes.name))?.grant, missing };
    },
  };
}

function isLong({ verb, group, resource, subresource }: ResourceAttributes): boolean {
  return verb.length + group.length + resource.length + subresource.length > TOPIC_LENGTH_MAX;
}

function earlier(a: Placed | undefined, b: Placed | undefined): Placed | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.place < b.place ? a : b;
}

function search(grants: Iterable<Grant>, attributes: Attributes, resolve: (grant: Grant) => ResolvedRole): ShelfAnswer {
  const missing = new Set<string>();
  for (const grant of grants) {
    const role = resolve(grant);
    if ("missing" in role) missing.add(role.missing);
    else if (role.rules.some((rule) => ruleAllows(rule, attributes))) return { allowedBy: grant, missing: [] };
  }
  return { allowedBy: undefined, missing: [...missing] };
}

function collect(grants: readonly Grant[], asked: ResourceAttributes, resolve: (grant: Grant) => ResolvedRole): Topic {
  const byName = new Map<string, Placed>();
  const missing = new Set<string>();
  let anyName: Placed | undefined;
  for (const [place, grant] of grants.entries()) {
    const role = resolve(grant);
    if ("missing" in role) {
      missing.add(role.missing);
      continue;
    }
    for (const rule of role.rules) {
      if (!ruleAllowsSomeName(rule, asked)) continue;
      const { resourceNames = [] } = rule;
      if (resourceNames.length === 0) anyName ??= { place, grant };
      for (const name of resourceNames) if (!byName.has(name)) byName.set(name, { place, grant });
    }
  }
  return { anyName, byName, missing: [...missing] };
}
