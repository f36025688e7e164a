/** Objects of public definitions: a valid one is kept as it was sent, an invalid one refused at the right paths. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import type { CustomResourceDefinition } from "../src/api/apiextensions/v1/customresourcedefinition/customresourcedefinition.ts";
import type { Draft } from "../src/api/schema.ts";
import {
  established,
  send,
  startWithCustomResources,
} from "../src/apiserver/customresources/custom-resources.testing.ts";
import { upstreamData } from "../src/lib/upstream-data.testing.ts";
import { CUSTOM_OBJECTS } from "./corpus/custom-objects.testing.ts";

const { folder, skip } = upstreamData("CORPUS");

type Definition = CustomResourceDefinition & { readonly kind: string };

const definitions: ReadonlyMap<string, Definition> =
  skip === false
    ? new Map(
        readdirSync(folder)
          .filter((name) => name.endsWith(".yaml"))
          .flatMap((name) => parseAllDocuments(readFileSync(path.join(folder, name), "utf8")))
          .map((document) => document.toJS() as Definition | null)
          .filter((object) => object?.kind === "CustomResourceDefinition")
          .map((definition) => [(definition as Definition).metadata.name, definition as Definition]),
      )
    : new Map();

test("there is a case for every definition", { skip }, () => {
  assert.deepEqual(CUSTOM_OBJECTS.map(({ definition }) => definition).toSorted(), [...definitions.keys()].toSorted());
});

for (const { definition: name, version, valid, invalid, wrong } of CUSTOM_OBJECTS) {
  test(`objects of ${name}`, { skip }, async (t) => {
    const definition = definitions.get(name);
    assert(definition !== undefined);
    const { group, names, scope } = definition.spec;
    const api = await startWithCustomResources(t);
    await established(api.client(), definition as unknown as Draft<CustomResourceDefinition>);
    const collection = `/apis/${group}/${version}/${scope === "Namespaced" ? "namespaces/default/" : ""}${names.plural}`;
    const object = { apiVersion: `${group}/${version}`, kind: names.kind, metadata: { name: "one" } };

    const created = await send(api, "POST", collection, { ...object, ...valid });
    assert.equal(created.status, 201, JSON.stringify(created.object));
    assert.equal(created.warning, undefined);
    const hasStatus = definition.spec.versions.some(({ subresources }) => subresources?.status !== undefined);
    const kept = Object.entries(valid).filter(([field]) => field !== "status" || !hasStatus);
    const { object: read } = await send(api, "GET", `${collection}/one`);
    for (const [field, value] of kept) assert.partialDeepStrictEqual(read[field], value);
    // The first write stores the defaults of the status, which a new object does not have yet.
    const { object: written } = await send(api, "PUT", `${collection}/one`, read);
    const { object: rewritten } = await send(api, "PUT", `${collection}/one`, written);
    assert.deepEqual(rewritten, written);
    assert.deepEqual([written.spec, written.status], [read.spec, read.status]);

    if (invalid === undefined) return;
    const refused = await send(api, "POST", collection, { ...object, metadata: { name: "two" }, ...invalid });
    assert.equal(refused.status, 422, JSON.stringify(refused.object));
    const causes: readonly { readonly field: string; readonly message: string }[] = refused.object.details.causes;
    assert.deepEqual(
      causes.map(({ field, message }) => `${field}: ${message}`),
      wrong,
    );
  });
}
