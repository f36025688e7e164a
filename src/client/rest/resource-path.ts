import type { ResourceReference } from "@fairlead/api/resource-reference";
import type { ListOptions, WriteOptions } from "../client.ts";

/** What a path is made of. Without a namespace, a namespaced resource is meant in all namespaces. */
export interface ResourcePlace {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** The percent-encoded path of a collection, an object or a subresource: `/apis/apps/v1/namespaces/shop/deployments/web/scale`. */
export function resourcePath(
  resource: Omit<ResourceReference, "kind">,
  { namespace, name, subresource }: ResourcePlace,
): string {
  const root = resource.group === "" ? ["api", resource.version] : ["apis", resource.group, resource.version];
  const inNamespace = resource.namespaced && namespace !== undefined ? ["namespaces", namespace] : [];
  const object = name === undefined ? [] : [name];
  // A subresource may itself be a path: `proxy/metrics`.
  const below = subresource === undefined ? [] : subresource.split("/");
  return `/${[...root, ...inNamespace, resource.plural, ...object, ...below].map(encodeURIComponent).join("/")}`;
}

/** `?a=1&b=2`, or nothing. Values that are undefined are left out. */
export function queryString(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}`;
}

export function listQuery(options: ListOptions): string {
  const { labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, limit } = options;
  return queryString({
    labelSelector,
    fieldSelector,
    resourceVersion,
    resourceVersionMatch,
    limit,
    continue: options.continue,
  });
}

/** A watch always asks for bookmarks: without them a quiet watch cannot be resumed. */
export function watchQuery(options: ListOptions & { readonly resourceVersion: string }): string {
  const { labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
  return queryString({
    watch: 1,
    allowWatchBookmarks: true,
    labelSelector,
    fieldSelector,
    resourceVersion,
    timeoutSeconds,
  });
}

export function writeQuery({
  fieldManager,
  dryRun,
  fieldValidation,
  force,
}: WriteOptions & { readonly force?: boolean }): string {
  return queryString({ fieldManager, dryRun: dryRun === true ? "All" : undefined, fieldValidation, force });
}
