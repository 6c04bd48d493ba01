import { Column, Entity } from "typeorm";
import { v7 as uuidv7 } from "uuid";
import { Parameters } from "../tenancy/parameters";
import { TenantOwned } from "../tenancy/tenant-owned.entity";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type BankAccount } from "./bank-account.entity";

/** A whole account number was shown, to whom and when. It outlives the account, the customer and the credential. */
@Entity("account_number_reveals")
export class AccountNumberReveal extends TenantOwned {
  @Column({ name: "bank_account_id", type: "uuid" })
  bankAccountId!: string;

  /** Whose account it was then. */
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  /** Null: a command of the gateway itself. */
  @Column({ name: "credential_id", type: "uuid", nullable: true })
  credentialId!: string | null;

  @Column({ name: "credential_name", type: "text" })
  credentialName!: string;

  @Column({ name: "request_id", type: "text", nullable: true })
  requestId!: string | null;
}

/** An account whose number was shown. */
export type RevealedAccount = Pick<BankAccount, "id" | "customerId">;

/** Records that numbers are shown to whoever acts in the scope, in one statement; each account once. */
export async function recordReveals(
  scope: TenantScope,
  accounts: Iterable<RevealedAccount>,
  requestId: string | null,
): Promise<void> {
  const byId = new Map([...accounts].map((account) => [account.id, account]));
  await scope.add(
    AccountNumberReveal,
    [...byId.values()].map(({ id, customerId }) => ({
      id: uuidv7(),
      bankAccountId: id,
      customerId,
      credentialId: scope.actor.id,
      credentialName: scope.actor.name,
      requestId,
    })),
  );
}

/** A place in the record: what was told before it is left out. */
export interface RevealPlace {
  readonly createdAt: Date;
  readonly id: string;
}

/** The record, oldest first. */
export function listReveals(scope: TenantScope, after: RevealPlace, limit: number): Promise<AccountNumberReveal[]> {
  const p = new Parameters();
  const place = `(${p.add(after.createdAt)}::timestamptz, ${p.add(after.id)}::uuid)`;
  return scope.select(
    AccountNumberReveal,
    "t",
    `where t.tenant_id = $1 and (t.created_at, t.id) > ${place} order by t.created_at, t.id limit ${p.add(limit)}`,
    p,
  );
}
