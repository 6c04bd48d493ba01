import { v7 as uuidv7 } from "uuid";
import { type AccountNumberCipher } from "../bank-accounts/account-number-cipher";
import { BankAccount } from "../bank-accounts/bank-account.entity";
import { Contact } from "../contacts/contact.entity";
import { type FieldChange } from "../history/customer-change.entity";
import { type InsertRow, type TenantScope, type UpdateRow } from "../tenancy/tenant-scope";
import { accountDifferences, contactDifferences } from "./customer-history";
import { type BankAccountDraft, type ContactDraft } from "./customer-draft";

/** The contacts and bank accounts that a customer has, and those it is to have; undefined: they stay. */
export interface PartsChange {
  readonly customerId: string;
  readonly contacts: readonly Contact[];
  readonly bankAccounts: readonly BankAccount[];
  readonly contactDrafts: readonly ContactDraft[] | undefined;
  readonly accountDrafts: readonly BankAccountDraft[] | undefined;
}

/** What is to be done to contacts and bank accounts. */
export interface PartsPlan {
  /** What it changes, by customer. */
  readonly differences: ReadonlyMap<string, readonly FieldChange[]>;
  write(scope: TenantScope): Promise<void>;
}

/**
 * How contacts and bank accounts of customers become what their drafts say: those not named go, those with an id change, the
 * others are new. At most a statement a table for each of the three, however many customers.
 */
export async function planParts(
  { tenantId }: TenantScope,
  cipher: AccountNumberCipher,
  changes: readonly PartsChange[],
): Promise<PartsPlan> {
  const contacts = changes.flatMap((change) => contactPlan(change));
  const accounts = (await Promise.all(changes.map((change) => accountPlan(tenantId, cipher, change)))).flat();
  const differences = new Map<string, FieldChange[]>(changes.map(({ customerId }) => [customerId, []]));
  for (const { customerId, before, after } of contacts)
    differences.get(customerId)?.push(...contactDifferences(before, after));
  for (const { customerId, before, after } of accounts)
    differences.get(customerId)?.push(...accountDifferences(before, after));
  return {
    differences,
    write: async (writer) => {
      await Promise.all([write(writer, Contact, contacts), write(writer, BankAccount, accounts)]);
    },
  };
}

/** One part before and after; columns are what is written. */
interface Plan<T> {
  readonly customerId: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

function contactPlan({ customerId, contacts, contactDrafts }: PartsChange): Plan<Contact>[] {
  if (!contactDrafts) return [];
  const kept = new Set(contactDrafts.map(({ id }) => id));
  const gone = contacts.filter(({ id }) => !kept.has(id));
  return [
    ...gone.map((before) => ({ customerId, before, after: undefined })),
    ...contactDrafts.map((draft) => {
      const before = contacts.find(({ id }) => id === draft.id);
      const after: Contact = Object.assign(new Contact(), before ?? {}, draft, {
        id: draft.id ?? uuidv7(),
        customerId,
      });
      return { customerId, before, after };
    }),
  ];
}

async function accountPlan(
  tenantId: string,
  cipher: AccountNumberCipher,
  { customerId, bankAccounts, accountDrafts }: PartsChange,
): Promise<Plan<BankAccount>[]> {
  if (!accountDrafts) return [];
  const kept = new Set(accountDrafts.map(({ id }) => id));
  const gone = bankAccounts.filter(({ id }) => !kept.has(id));
  return [
    ...gone.map((before) => ({ customerId, before, after: undefined })),
    ...(await Promise.all(accountDrafts.map(planned))),
  ];

  async function planned({ accountNumber, ...draft }: BankAccountDraft): Promise<Plan<BankAccount>> {
    const before = bankAccounts.find(({ id }) => id === draft.id);
    const id = draft.id ?? uuidv7();
    const owner = { tenantId, accountId: id };
    const isSame = accountNumber === null || (before && cipher.open(before, owner) === accountNumber);
    const sealed = isSame ? {} : await cipher.seal(accountNumber, owner);
    const after: BankAccount = Object.assign(new BankAccount(), before ?? {}, {
      ...draft,
      ...sealed,
      id,
      customerId,
    });
    return { customerId, before, after };
  }
}

async function write<T extends Contact | BankAccount>(
  scope: TenantScope,
  entity: new () => T,
  plans: readonly Plan<T>[],
): Promise<void> {
  const gone = plans.flatMap(({ before, after }) => (before && !after ? [before.id] : []));
  const changed = plans.flatMap(({ before, after }) => (before && after && !isSame(before, after) ? [after] : []));
  const added = plans.flatMap(({ before, after }) => (!before && after ? [after] : []));
  // In this order, and demoted before promoted: at no moment has a customer two primary contacts.
  const demoted = changed.filter((row) => row instanceof Contact && !row.isPrimary);
  const others = changed.filter((row) => !demoted.includes(row));
  await Promise.all([
    scope.delete(entity, gone),
    scope.update(entity, demoted.map(columns) as UpdateRow<T>[], { set: ["updated_at = now()"] }),
    scope.update(entity, others.map(columns) as UpdateRow<T>[], { set: ["updated_at = now()"] }),
    scope.add(entity, added.map(columns) as InsertRow<T>[]),
  ]);
}

/** What is written of a part: times are the database's. */
function columns<T extends Contact | BankAccount>(part: T): object {
  return Object.fromEntries(Object.entries(part).filter(([name]) => name !== "createdAt" && name !== "updatedAt"));
}

function isSame(before: Contact | BankAccount, after: Contact | BankAccount): boolean {
  return JSON.stringify(columns(before)) === JSON.stringify(columns(after));
}
