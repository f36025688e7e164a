import type { PodTemplateSpec } from "../../core/v1/pod/pod-template.ts";
import type { Draft } from "../../schema.ts";
import type { DeploymentSpec } from "./deployment/deployment.ts";

/** A template of one container, with the label `app=web`. */
export const webTemplate: Draft<PodTemplateSpec> = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1" }] },
};

/** What a Deployment or ReplicaSet needs at least: pods with `app=web`. */
export const webSpec: Pick<Draft<DeploymentSpec>, "selector" | "template"> = {
  selector: { matchLabels: { app: "web" } },
  template: webTemplate,
};
