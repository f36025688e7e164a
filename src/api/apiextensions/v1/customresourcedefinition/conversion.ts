import { field, list, struct, t } from "../../../schema.ts";
import { PACKAGE } from "./package.ts";

const HTTPS_PORT = 443;

const serviceReferenceSchema = struct(`${PACKAGE}.ServiceReference`, "A Service that answers a webhook.", {
  namespace: field(1, t.string, "Namespace of the Service.", { required: true }),
  name: field(2, t.string, "Name of the Service.", { required: true }),
  path: field(3, t.string, "Path of the request.", { keepEmpty: true }),
  port: field(4, t.int32, "Port of the Service.", { keepEmpty: true, default: HTTPS_PORT }),
});

const webhookClientConfigSchema = struct(`${PACKAGE}.WebhookClientConfig`, "How a webhook is reached.", {
  service: field(1, serviceReferenceSchema, "A Service of the cluster."),
  caBundle: field(
    2,
    t.bytes,
    "Certificates, as PEM, that sign the webhook's own. Default: those that the system trusts.",
  ),
  url: field(3, t.string, "Address of a webhook that is no Service.", { keepEmpty: true }),
});

const webhookConversionSchema = struct(`${PACKAGE}.WebhookConversion`, "A webhook that converts objects.", {
  clientConfig: field(2, webhookClientConfigSchema, "How the webhook is reached."),
  conversionReviewVersions: field(3, list(t.string), "Versions of ConversionReview that it understands, best first.", {
    required: true,
  }),
});

/** The schema of `CustomResourceConversion`. */
export const conversionSchema = struct(
  `${PACKAGE}.CustomResourceConversion`,
  "How objects are converted between versions.",
  {
    strategy: field(1, t.string, "None, where versions differ in apiVersion alone, or Webhook.", { required: true }),
    webhook: field(2, webhookConversionSchema, "The webhook of the strategy Webhook."),
  },
);
