import type { FieldError } from "../../../field-error.ts";
import { invalid, invalidFor, required } from "../../../field-error.ts";
import { byteLength, dnsSubdomainProblems, labelKeyProblems } from "../../../names.ts";
import type { Event } from "./event-schema.ts";

const TEXT_MAX = 128;
const MESSAGE_MAX = 1024;

/** What is wrong with an event. Those with `eventTime` are of the newer sort, and have more that they must say. */
export function validateEvent(event: Event): FieldError[] {
  return [...validateNamespace(event), ...(event.eventTime === undefined ? [] : validateDetails(event))];
}

function validateNamespace({ metadata: { namespace = "" }, involvedObject }: Event): FieldError[] {
  const involved = involvedObject.namespace ?? "";
  const agrees = involved === "" ? namespace === "" || namespace === "default" : involved === namespace;
  return [
    ...(agrees ? [] : [invalid("involvedObject.namespace", involved, "does not match event.namespace")]),
    ...invalidFor("namespace", namespace, dnsSubdomainProblems(namespace)),
  ];
}

function validateDetails(event: Event): FieldError[] {
  const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
  return [
    ...(reportingComponent === "" ? [required("reportingComponent")] : []),
    ...invalidFor("reportingComponent", reportingComponent, labelKeyProblems(reportingComponent)),
    ...requiredShort("reportingInstance", reportingInstance),
    ...requiredShort("action", action),
    ...requiredShort("reason", reason),
    ...(byteLength(message) > MESSAGE_MAX
      ? [invalid("message", "", `can have at most ${MESSAGE_MAX} characters`)]
      : []),
  ];
}

function requiredShort(path: string, text: string): FieldError[] {
  if (text === "") return [required(path)];
  return byteLength(text) > TEXT_MAX ? [invalid(path, "", `can have at most ${TEXT_MAX} characters`)] : [];
}
