/** The tutorial from DNS to ExternalName: the only one that needs a world outside the cluster. */
import assert from "node:assert/strict";
import type { Lab } from "../lab.testing.ts";
import { testTutorial } from "./tutorial.testing.ts";

const SERVE_HOST_NAME = 'mkdir /www && echo "Hostname : $(hostname)" > /www/hostname && exec httpd -f -p 8080 -h /www';

testTutorial(import.meta.filename, {
  name: "dns",
  images: {
    "kubetm/app": { packages: "busybox", config: { entrypoint: ["sh", "-c", SERVE_HOST_NAME] } },
    "kubetm/init": { packages: "base", config: { entrypoint: ["sleep", "infinity"] } },
  },
  world: [
    {
      names: ["github.github.io"],
      address: "185.199.109.153",
      answer: "a page",
      headers: { Server: "GitHub.com" },
    },
  ],
  beyond: { "A Service has a name": execWithoutDashes },
});

/** As it was typed at the time of Kubernetes 1.20. */
async function execWithoutDashes(lab: Lab): Promise<void> {
  const kubectl = process.env.FAIRLEAD_TEST_KUBECTL_120 ?? "";
  const { stdout } = await lab.run("script", ["-qec", `${kubectl} exec request-pod -it /bin/bash`, "/dev/null"], {
    input: "curl clusterip1/hostname\nexit\n",
  });
  assert.match(stdout, /kubectl exec \[POD\] \[COMMAND\] is DEPRECATED/);
  assert.match(stdout, /^Hostname : pod1\r?$/m);
}
