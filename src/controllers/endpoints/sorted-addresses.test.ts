import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointAddress } from "@fairlead/api/core/v1/endpoints/endpoints";
import fc from "fast-check";
import { createSortedAddresses, joinedAddresses } from "./sorted-addresses.ts";

const address = (n: number, uid = `uid-${n}`): EndpointAddress => ({
  ip: `10.244.0.${n}`,
  targetRef: { kind: "Pod", name: "p", uid },
});
const texts = (addresses: readonly EndpointAddress[]) =>
  addresses.map(({ ip, targetRef }) => `${ip} ${targetRef?.uid}`);
/** What was done: an address of the pool comes or goes, many come or go, or the first so many are read. */
const steps = fc.array(
  fc.oneof(
    fc.record({ verb: fc.constantFrom("add", "remove"), at: fc.nat({ max: 199 }), count: fc.constantFrom(1, 1, 100) }),
    fc.record({ verb: fc.constant("read"), at: fc.constant(0), count: fc.nat({ max: 250 }) }),
  ),
  { maxLength: 40, size: "max" },
);

test("addresses are read in order, whatever came and went before", () => {
  fc.assert(
    fc.property(steps, (history) => {
      // Some are equal in all that is compared, as those of one pod before and after a change are.
      const pool = Array.from({ length: 200 }, (_, i) => address(i % 50, `uid-${i % 100}`));
      const members = new Set<EndpointAddress>();
      const sorted = createSortedAddresses();
      for (const { verb, at, count } of [...history, { verb: "read", at: 0, count: 250 }]) {
        if (verb === "read") {
          const first = sorted.first(count);
          assert.deepEqual(
            texts(first),
            texts([...members])
              .sort()
              .slice(0, count),
          );
          assert.ok(first.every((one) => members.has(one)));
          continue;
        }
        for (const changed of pool.slice(at, at + count)) {
          if (verb === "add") {
            members.add(changed);
            sorted.add(changed);
          } else {
            members.delete(changed);
            sorted.remove(changed);
          }
        }
        assert.equal(sorted.size, members.size);
      }
    }),
    { numRuns: 200 },
  );
});

test("the addresses of several lists are read as those of one", () => {
  const [a, b] = [createSortedAddresses(), createSortedAddresses()];
  for (const n of [5, 1, 3]) a.add(address(n));
  for (const n of [4, 2]) b.add(address(n));
  const joined = joinedAddresses([a, b]);
  assert.equal(joined.size, 5);
  assert.deepEqual(texts(joined.first(4)), texts([address(1), address(2), address(3), address(4)]));
  assert.deepEqual(joinedAddresses([]).first(1), []);
});
