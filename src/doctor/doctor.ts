import { type App } from "../app";
import { type Config } from "../config";
import { type OpenDatabase } from "../database/open-database";
import { Inspection } from "../database/inspection";
import { type TenantAdministration } from "../tenancy/tenant-administration";
import { checkSettings, checkSettingsOnDatabase } from "./configuration-check";
import { checkDatabase } from "./database-check";
import { type Finding } from "./finding";
import { HttpAsker } from "./http-asker";
import { fillForWalk, walkQuestions } from "./isolation-walk";
import { startServerProcess } from "./server-process";
import { ThrowAwayTenants } from "./throw-away-tenants";

const ANSWERS_WITHIN_MS = 1000;

/** What is examined. */
export interface Patient {
  readonly config: Config;
  readonly app: App;
  readonly tenants: TenantAdministration;
  readonly database: OpenDatabase;
}

/** How to examine. */
export interface ExaminationOptions {
  /** The endpoint of the server to ask; else the configured one where it answers, else one that is started. */
  readonly url?: string;
  /** Ends it; what was made is removed. */
  readonly signal: AbortSignal;
  /** Called with each question that was asked, and how many there are. */
  readonly onAsked?: (asked: number, all: number) => void;
}

/** What came of an examination. */
export interface Examination {
  readonly findings: readonly Finding[];
  /** Worth knowing, and nothing to mend. */
  readonly notes: readonly string[];
  /** The server that was asked. */
  readonly endpoint?: string;
  /** How many questions. */
  readonly asked: number;
}

/**
 * Looks at settings and database, and asks a server, over HTTP, as one throw-away tenant for what is another one's. What it
 * makes is removed again, whatever happens.
 */
export async function examine(patient: Patient, options: ExaminationOptions): Promise<Examination> {
  const { config, app } = patient;
  const settings = checkSettings(config);
  const findings: Finding[] = [...settings.findings];
  const notes: string[] = [...settings.notes];
  const inspection = await Inspection.connect(patient.database.adminUrl);
  try {
    const login = decodeURIComponent(new URL(patient.database.url).username);
    const checked = await checkDatabase(inspection.rows, login);
    findings.push(...checked.findings);
    notes.push(
      checked.arrangement === "one login"
        ? `The server logs in as the owner, ${login}, and switches to clientele_app in each transaction.`
        : `The server logs in as ${login}, which owns nothing.`,
    );
    if (checked.findings.some(({ check }) => check === "migrations")) {
      notes.push("No server was asked: the database is not of this version.");
      return { findings, notes, asked: 0 };
    }
    const onDatabase = await checkSettingsOnDatabase(config, app.database, inspection.rows).catch(
      unexamined("settings"),
    );
    findings.push(...onDatabase.findings);
    notes.push(...onDatabase.notes);
  } finally {
    await inspection.close();
  }
  const keys = await checkKeys(app, patient.tenants).catch(unexamined("encryption"));
  findings.push(...keys.findings);
  const walked = await walk(patient, options).catch(unexamined("isolation"));
  return { ...walked, findings: [...findings, ...walked.findings], notes };
}

/** What comes of a part that failed: what the others have found is not lost for it. */
function unexamined(subject: string) {
  return (error: unknown): Examination => {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `could not be looked at: ${reason}`;
    const remedy = "Mend what else was found, and run it again.";
    return { findings: [{ check: "examination", subject, message, remedy }], notes: [], asked: 0 };
  };
}

/** How many tenants' rows are opened to see that keys are the right ones. */
const SAMPLED_TENANTS = 100;

async function checkKeys(app: App, tenants: TenantAdministration): Promise<Pick<Examination, "findings">> {
  const missing = (await app.keys.missingKeys()).map((id) => ({
    check: "encryption",
    subject: `key ${id}`,
    message: "has sealed stored data, and is not in ENCRYPTION_KEYS",
    remedy: "Put it back, after the active key; clientele keys rotate makes it dispensable.",
  }));
  const sampled = (await tenants.list()).slice(0, SAMPLED_TENANTS).map(({ id }) => id);
  const unreadable = (await app.keys.unreadableSamples(sampled)).map(({ table, rowKey, keyId }) => ({
    check: "encryption",
    subject: `key ${keyId}`,
    message: `does not open ${table} ${rowKey}: it is another key of the same id, or the row is damaged`,
    remedy: "Put the key that was used when the row was written into ENCRYPTION_KEYS.",
  }));
  return { findings: [...missing, ...unreadable] };
}

async function walk(
  { config, app, tenants }: Patient,
  options: ExaminationOptions,
): Promise<Omit<Examination, "notes">> {
  const throwAway = new ThrowAwayTenants(app, tenants);
  const { endpoint, stop } = await serverToAsk(config, options.url);
  try {
    const asker = async (): Promise<HttpAsker> => {
      const { id, code, token } = await throwAway.make();
      return new HttpAsker(id, code, endpoint, token);
    };
    const first = await asker();
    const refusal = await refusalOf(first, endpoint);
    if (refusal) return { endpoint, asked: 0, findings: [refusal] };
    const filled = await fillForWalk(app.database, [first, await asker(), await asker()]);
    return { endpoint, ...(await walkQuestions(app.schema, app.database, filled, options)) };
  } catch (error) {
    if (!options.signal.aborted) throw error; // Ctrl-C stops the server that is being asked as well
    return { endpoint, asked: 0, findings: [] };
  } finally {
    await throwAway.removeAll();
    await stop();
  }
}

async function serverToAsk(
  config: Config,
  url: string | undefined,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const stop = (): Promise<void> => Promise.resolve();
  if (url !== undefined) return { endpoint: url, stop };
  const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host;
  const configured = `http://${host.includes(":") ? `[${host}]` : host}:${config.port}`;
  return (await answers(configured)) ? { endpoint: `${configured}/graphql`, stop } : startServerProcess();
}

async function answers(base: string): Promise<boolean> {
  try {
    const response = await fetch(`${base}/health/live`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const { status } = (await response.json()) as { status?: unknown };
    return status === "ok";
  } catch {
    return false;
  }
}

/** Why a server cannot be asked: it works on another database than the tenant was made in, or takes no such questions. */
async function refusalOf(asker: HttpAsker, endpoint: string): Promise<Finding | undefined> {
  const { status, data, errors } = await asker.execute<{ viewer?: { tenant: { code: string } } } | undefined>(
    "{ viewer { tenant { code } } }",
  );
  if (data?.viewer?.tenant.code === asker.code) return undefined;
  const isElsewhere = status === 401;
  return {
    check: "server",
    subject: endpoint,
    message: isElsewhere
      ? "does not know a key that was just made in this database"
      : `does not take questions (status ${status}): ${errors?.[0]?.message ?? "no error said why"}`,
    remedy: isElsewhere
      ? "Name the endpoint of a server on this database with --url, or give doctor that server's DATABASE_URL."
      : "Name the endpoint of a server that takes any document with --url, or leave it out.",
  };
}
