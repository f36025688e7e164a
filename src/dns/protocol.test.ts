import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOL } from "./protocol-table.testing.ts";
import { createTableResponder } from "./table.testing.ts";
import { formatMessage } from "./wire/format-message.testing.ts";

const responder = createTableResponder();

for (const { about, message, want } of PROTOCOL) {
  test(`protocol: ${about}`, async () => {
    for (const proto of ["udp", "tcp"] as const) {
      const response = await responder.respond(proto)(message);
      if (want === undefined || response === undefined) {
        assert.equal(response, want, proto);
        continue;
      }
      const { id, opcode, header, edns, records } = formatMessage(response);
      assert.deepEqual([header, ...(edns === undefined ? [] : [edns]), ...records], want, proto);
      assert.deepEqual([id, opcode], [0x1234, ((message[2] ?? 0) >> 3) & 0xf]);
    }
  });
}
