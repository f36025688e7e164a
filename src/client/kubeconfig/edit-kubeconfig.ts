import type { Document } from "yaml";
import { isMap, isSeq, parseDocument } from "yaml";
import { KubeconfigError } from "./kubeconfig.ts";
import { type Entry, entriesOf, type NewContext } from "./new-context.ts";
import { notYaml } from "./parse-yaml.ts";

const lists = ["clusters", "users", "contexts"] as const;
const asKubectlWrites = { lineWidth: 0, indentSeq: false };

/**
 * The kubeconfig with `context`, its cluster and its user added or replaced, and selected unless `select` is false.
 * Everything else is kept, comments included. `text` may be empty: a new file.
 */
export function withContext(text: string, context: NewContext, { select = true } = {}): string {
  const document = documentOf(text);
  const entries = entriesOf(context);
  for (const list of lists) put(document, list, entries[list]);
  if (select) document.set("current-context", context.name);
  return document.toString(asKubectlWrites);
}

/**
 * The kubeconfig without the context `name` and the cluster and user of the same name.
 *
 * @param previous - The context to go back to, when `name` is the current one and `previous` is (still) there.
 */
export function withoutContext(
  text: string,
  name: string,
  { previous }: { readonly previous?: string | undefined } = {},
): string {
  const document = documentOf(text);
  for (const list of lists) remove(document, list, name);
  if (document.get("current-context") === name) {
    const back = previous !== undefined && indexOf(document, "contexts", previous) >= 0 ? previous : "";
    document.set("current-context", back);
  }
  return document.toString(asKubectlWrites);
}

function documentOf(text: string): Document {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw notYaml(text, error);
  if (document.contents === null) return newDocument(document);
  if (!isMap(document.contents)) throw new KubeconfigError("Cannot read a kubeconfig: not a map");
  return document;
}

/** Comments of a file that holds nothing else are kept. */
function newDocument(document: Document): Document {
  document.contents = document.createNode({ apiVersion: "v1", kind: "Config" });
  return document;
}

function put(document: Document, list: (typeof lists)[number], entry: Entry): void {
  if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
  const at = indexOf(document, list, entry.name);
  if (at >= 0) document.setIn([list, at], document.createNode(entry));
  else document.addIn([list], document.createNode(entry));
}

function remove(document: Document, list: (typeof lists)[number], name: string): void {
  const at = indexOf(document, list, name);
  if (at >= 0) document.deleteIn([list, at]);
}

function indexOf(document: Document, list: (typeof lists)[number], name: string): number {
  const entries = document.get(list);
  return isSeq(entries) ? entries.items.findIndex((entry) => isMap(entry) && entry.get("name") === name) : -1;
}
