/** What a shell says of a process that a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** SIGINT and SIGTERM end a command after the batch that is under way; a second one ends it at once. */
export class StopSignals {
  private readonly controller = new AbortController();
  private readonly listeners = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const listener = (): void => {
      if (this.signal.aborted) process.exit(EXIT_CODES[name]);
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
