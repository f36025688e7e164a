import assert from "node:assert/strict";
import { test } from "node:test";
import { parseForwards } from "./target.ts";

/** Each target as `namespace/Kind/name` with its ports as `local:remote`; `=` is the same port. */
const understood: { words: string; want: string }[] = [
  { words: "svc/quote 8080:80", want: "default/Service/quote 8080:80" },
  { words: "service/quote 80", want: "default/Service/quote =:80" },
  { words: "services/quote :80", want: "default/Service/quote 0:80" },
  { words: "SVC/quote 0:http", want: "default/Service/quote 0:http" },
  { words: "pod/web http", want: "default/Pod/web =:http" },
  { words: "po/web", want: "default/Pod/web" },
  { words: "deploy/web 1:65535", want: "default/Deployment/web 1:65535" },
  { words: "sts/db rs/a ds/b", want: "default/StatefulSet/db, default/ReplicaSet/a, default/DaemonSet/b" },
  { words: "shop/svc/web 80 443 pod/x 1", want: "shop/Service/web =:80 =:443, default/Pod/x =:1" },
];
for (const { words, want } of understood) {
  test(`"${words}" is ${want}`, () => {
    const forwards = parseForwards(words.split(" "), "default");
    assert.ok(typeof forwards !== "string", String(forwards));
    const shown = forwards.map(({ target: { namespace, kind, name }, ports }) =>
      [`${namespace}/${kind}/${name}`, ...ports.map(({ local, remote }) => `${local ?? "="}:${remote}`)].join(" "),
    );
    assert.equal(shown.join(", "), want);
  });
}

const wrong: { words: string; want: RegExp }[] = [
  { words: "quote 80", want: /^"quote" must be TYPE\/NAME, for example svc\/quote or pod\/quote$/ },
  { words: "svc quote 80", want: /^"svc" must be TYPE\/NAME, for example svc\/quote$/ },
  { words: "pod", want: /^"pod" must be TYPE\/NAME, for example pod\/NAME$/ },
  { words: "8080:80", want: /must be TYPE\/NAME/ },
  { words: "cm/quote 80", want: /"cm" must be one of service, pod, deployment, replicaset, statefulset, daemonset$/ },
  { words: "a/b/svc/quote", want: /must be TYPE\/NAME or NAMESPACE\/TYPE\/NAME$/ },
  { words: "svc/ 80", want: /must be TYPE\/NAME/ },
  { words: "svc/quote 0", want: /^"0" must be a port/ },
  { words: "svc/quote 65536", want: /^"65536" must be a port/ },
  { words: "svc/quote 65536:80", want: /^"65536:80" must be a port/ },
  { words: "svc/quote 80:", want: /^"80:" must be a port/ },
  { words: "svc/quote -1", want: /^"-1" must be a port/ },
  { words: "svc/quote a:80", want: /^"a:80" must be a port/ },
];
for (const { words, want } of wrong) {
  test(`"${words}" is refused`, () => {
    assert.match(String(parseForwards(words.split(" "), "default")), want);
  });
}
