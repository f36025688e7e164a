/** The call by which containerd streams its events (containerd, api/services/events/v1/events.proto). */
export const SUBSCRIBE_PATH = "/containerd.services.events.v1.Events/Subscribe";

/** Topics of events that change what CRI lists. Those of exec, which probes cause all the time, are not among them. */
const TOPICS = ["/tasks/start", "/tasks/delete", "/tasks/oom", "/containers/create", "/containers/delete"];

/** An event has to match one of the filters. CRI's containers live in the namespace `k8s.io`. */
export const EVENT_FILTERS: readonly string[] = TOPICS.map((topic) => `namespace=="k8s.io",topic=="${topic}"`);

/** A field of number 1 and of a type with a length (protobuf's encoding). */
const FILTERS_TAG = 0x0a;

/** Writes a SubscribeRequest: `repeated string filters = 1`. A filter has at most 127 bytes. */
export function subscribeRequest(filters: readonly string[]): Buffer {
  return Buffer.concat(
    filters.map((filter) => {
      const text = Buffer.from(filter);
      return Buffer.concat([Buffer.from([FILTERS_TAG, text.length]), text]);
    }),
  );
}
