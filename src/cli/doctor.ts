import { type Command } from "commander";
import { readConfig } from "../config";
import { examine, type Examination } from "../doctor/doctor";
import { showCounting } from "./count-progress";
import { CommandError, withSession } from "./session";
import { StopSignals } from "./stop-signals";

interface DoctorOptions {
  readonly url?: string;
  readonly json?: true;
}

/** `clientele doctor` */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description(
      "look for what keeps tenants from being kept apart: in the database, the settings and the answers of a server",
    )
    .option("--url <endpoint>", "the server to ask (default: the configured one where it answers, else one of its own)")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Makes three throw-away tenants, asks the server as one of them for what is another one's, wherever an id, a code or a cursor
goes in, and removes them again. The answers must be those for what never existed.
Needs the login that owns the database, as migrations do (DATABASE_ADMIN_URL). Exit code 1: something was found.`,
    )
    .action((options: DoctorOptions) => run(options));
}

async function run({ url, json }: DoctorOptions): Promise<void> {
  if (url !== undefined && !/^https?:\/\//.test(url))
    throw new CommandError("--url must be the URL of an endpoint such as http://127.0.0.1:4000/graphql");
  const stopping = new StopSignals();
  const config = readConfig();
  const started = performance.now();
  try {
    await withSession(config, async ({ app, tenants, database }) => {
      let display: ReturnType<typeof showCounting> | undefined;
      const examination = await examine(
        { config, app, tenants, database },
        {
          ...(url !== undefined && { url }),
          signal: stopping.signal,
          onAsked: (_asked, all) => (display ??= showCounting(all, "questions")).add(1),
        },
      ).finally(() => display?.stop());
      if (json) console.log(JSON.stringify(examination));
      else report(examination, stopping.signal.aborted, (performance.now() - started) / 1000);
      if (examination.findings.length > 0) process.exitCode ??= 1;
    });
  } finally {
    stopping.end();
  }
}

function report({ findings, notes, asked, endpoint }: Examination, isStopped: boolean, seconds: number): void {
  for (const { check, subject, message, remedy } of findings) console.log(`${check}: ${subject} ${message}. ${remedy}`);
  for (const note of notes) console.log(`(${note})`);
  const server = endpoint === undefined ? "" : ` ${asked} questions were asked at ${endpoint}.`;
  const found = findings.length === 0 ? "Nothing was found." : `Found: ${findings.length}.`;
  if (isStopped) console.log("Stopped before the end; what was made has been removed.");
  else console.log(`${found}${server} It took ${seconds.toFixed(0)} s.`);
}
