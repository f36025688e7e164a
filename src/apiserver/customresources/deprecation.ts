import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { compareVersions } from "../discovery/compare-versions.ts";

/** Returns what the clients of a deprecated version are warned with. */
export function deprecationOf(
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
  { group, names, versions }: CustomResourceDefinitionSpec,
): string | undefined {
  if (deprecated !== true) return undefined;
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [better] = versions
    .filter((version) => version.served && version.deprecated !== true)
    .map((version) => version.name)
    .filter((version) => compareVersions(name, version) < 0)
    .sort((a, b) => compareVersions(b, a));
  const own = `${group}/${name} ${names.kind} is deprecated`;
  return better === undefined ? own : `${own}; use ${group}/${better} ${names.kind}`;
}
