import { operators } from "./arithmetic.ts";
import { conversions } from "./conversions.ts";
import { formats } from "./formats.ts";
import { lists } from "./lists.ts";
import { opaques } from "./opaques.ts";
import { optionals } from "./optionals.ts";
import { type FunctionTable, joinTables } from "./overload.ts";
import { semvers } from "./semver.ts";
import { strings } from "./strings.ts";
import { times } from "./time.ts";

/** The functions that expressions of Kubernetes 1.35 may use. Source: k8s.io/apiserver/pkg/cel/environment/base.go. */
export const library: FunctionTable = joinTables(
  operators,
  conversions,
  strings,
  times,
  lists,
  optionals,
  opaques,
  semvers,
  formats,
);
