/** Something that was started and can be stopped: a server, a controller, a whole component. */
export interface Running extends AsyncDisposable {
  /** Ends it and waits until nothing of it is left. Calling it twice does nothing. */
  stop(): Promise<void>;
}

/** A {@link Running} whose end is `stop`, called once however often it is asked for. */
export function running(stop: () => Promise<void>): Running {
  let stopped: Promise<void> | undefined;
  const once = () => {
    stopped ??= stop();
    return stopped;
  };
  return { stop: once, [Symbol.asyncDispose]: once };
}
