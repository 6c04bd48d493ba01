import { SingleBar } from "cli-progress";
import { type ImportProgress } from "../import/customer-import.service";

/** Lines come no more often than this. */
const LINE_INTERVAL_MS = 5000;

/** Shows how far an import is. */
export interface ProgressDisplay {
  update(progress: ImportProgress): void;
  /** What is written next starts on a line of its own. */
  stop(): void;
}

export interface ProgressOptions {
  /** Of the whole file; undefined: not known. */
  readonly sizeBytes: number | undefined;
  /** Of it, those that were imported before. */
  readonly startBytes: number;
  /** Progress goes to standard error: standard output holds what came of it. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** In milliseconds. */
  readonly now?: () => number;
}

/** A bar on a terminal, where it is known how long it has to be; plain lines elsewhere. */
export function showProgress(options: ProgressOptions): ProgressDisplay {
  return options.stream.isTTY && options.sizeBytes ? showBar(options) : showLines(options);
}

function showBar({ sizeBytes = 0, startBytes, stream }: ProgressOptions): ProgressDisplay {
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage}% | {counts} | {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    etaBuffer: 50,
    hideCursor: true,
    linewrap: true,
    gracefulExit: false, // the command sees to signals
  });
  bar.start(sizeBytes, startBytes, { counts: counted({ created: 0, updated: 0, rejected: 0 }) });
  return {
    update: (progress) => bar.update(progress.end, { counts: counted(progress) }),
    stop: () => bar.stop(),
  };
}

function showLines({ sizeBytes, stream, now = () => performance.now() }: ProgressOptions): ProgressDisplay {
  let told = now();
  return {
    update: (progress) => {
      const { line, end } = progress;
      if (now() - told < LINE_INTERVAL_MS) return;
      told = now();
      const part = sizeBytes ? ` (${Math.floor((100 * end) / sizeBytes)} %)` : "";
      stream.write(`Line ${count(line)}${part}: ${counted(progress)}\n`);
    },
    stop: () => undefined,
  };
}

/** What has become of rows, for people. Customers that were there are told of only where there are any. */
export function counted({
  created,
  updated,
  rejected,
}: Pick<ImportProgress, "created" | "updated" | "rejected">): string {
  const changed = updated > 0 ? `${count(updated)} updated, ` : "";
  return `${count(created)} created, ${changed}${count(rejected)} rejected`;
}

/** A number for people: 12,000. */
export function count(number: number): string {
  return number.toLocaleString("en");
}
