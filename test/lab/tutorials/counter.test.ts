import type { TestImage } from "../registry/test-images.testing.ts";
import { testTutorial } from "./tutorial.testing.ts";

/** Speaks HTTP on its standard input and output: each request counts one up in redis, and is answered with the count. */
const COUNT = `#!/bin/sh
while read -r line && [ "$line" != "$(printf '\\r')" ]; do :; done
count=$(printf 'INCR count\\r\\nQUIT\\r\\n' | nc "$REDIS_HOST" "$REDIS_PORT" | sed -n 's/^:\\([0-9]*\\).*/\\1/p')
if [ -n "$count" ]; then
  printf 'HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\n%s\\n' "$count"
else
  printf 'HTTP/1.0 502 Bad Gateway\\r\\nConnection: close\\r\\n\\r\\nno answer from %s\\n' "$REDIS_HOST"
fi
`;

const counter: TestImage = {
  packages: "busybox",
  files: [{ type: "text", path: "/usr/local/bin/count", text: COUNT, mode: 0o755 }],
  config: { entrypoint: ["nc", "-ll", "-p", "3000", "-e", "/usr/local/bin/count"] },
};

testTutorial(import.meta.filename, {
  name: "counter",
  images: { "library/busybox": "busybox", "library/redis": "redis", "subicura/counter": counter },
});
