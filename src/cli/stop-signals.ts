/** What a shell says of a process that a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ctrl-C reaches a command twice where what started it hands on what the terminal has sent already. */
const SAME_MS = 1000;

/** SIGINT and SIGTERM end a command after what is under way; a second one ends it at once. */
export class StopSignals {
  private readonly controller = new AbortController();
  private abortedAt = 0;
  private readonly listeners = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const listener = (): void => {
      if (this.signal.aborted) {
        if (performance.now() - this.abortedAt > SAME_MS) process.exit(EXIT_CODES[name]);
        return;
      }
      this.abortedAt = performance.now();
      process.exitCode = EXIT_CODES[name];
      this.controller.abort();
    };
    process.on(name, listener);
    return { name, listener };
  });

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    for (const { name, listener } of this.listeners) process.off(name, listener);
  }
}
