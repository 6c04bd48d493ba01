import { InvalidArgumentError, type Command } from "commander";
import { type AccountNumberReveal, listReveals, type RevealPlace } from "../bank-accounts/account-number-reveals";
import { readConfig } from "../config";
import { tenantByCode, withSession, type Session } from "./session";

/** Rows of a statement. */
const PAGE = 1000;
const FIRST = "00000000-0000-0000-0000-000000000000";

interface RevealsOptions {
  readonly tenant: string;
  readonly since: Date;
  readonly json?: true;
}

/** `clientele reveals` */
export function addRevealsCommand(program: Command): void {
  program
    .command("reveals")
    .description("list who was shown a whole account number, oldest first")
    .requiredOption("--tenant <code>", "the tenant whose record it is")
    .option("--since <time>", "only later than this: 2026-01-31 or 2026-01-31T12:00:00Z", parseTime, new Date(0))
    .option("--json", "print JSON, a line for each")
    .action((options: RevealsOptions) =>
      withSession(readConfig(), async (session) => {
        for await (const reveal of readReveals(session, options)) {
          const { createdAt, credentialName, credentialId, bankAccountId, customerId, requestId } = reveal;
          const told = {
            at: createdAt,
            credential: credentialName,
            credentialId,
            bankAccountId,
            customerId,
            requestId,
          };
          console.log(
            options.json
              ? JSON.stringify(told)
              : [createdAt.toISOString(), credentialName, credentialId, bankAccountId, customerId, requestId].join(
                  "\t",
                ),
          );
        }
      }),
    );
}

async function* readReveals({ app, tenants }: Session, options: RevealsOptions): AsyncGenerator<AccountNumberReveal> {
  const tenant = await tenantByCode(tenants, options.tenant);
  let place: RevealPlace = { createdAt: options.since, id: FIRST };
  for (;;) {
    const after = place;
    const page = await app.database.read(tenant.id, (scope) => listReveals(scope, after, PAGE));
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    place = last;
  }
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d(T.*)?$/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("It must be a day or a time such as 2026-01-31 or 2026-01-31T12:00:00Z.");
  return time;
}
