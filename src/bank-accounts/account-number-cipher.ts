import { type Cipher } from "../encryption/cipher";
import { type SealedColumn } from "../encryption/sealed-column";
import { type AccountNumberIndex } from "./account-number-index";

const VISIBLE = 4;

/** The row that a number belongs to. */
export interface AccountNumberOwner {
  readonly tenantId: string;
  readonly accountId: string;
}

/** An account number as it is stored. */
export interface SealedAccountNumber {
  readonly accountNumberCiphertext: Buffer;
  readonly accountNumberKeyId: string;
  readonly accountNumberLastFour: string;
  readonly accountNumberLength: number;
  /** What it is found by; null in rows that were written before there was such a thing. */
  readonly accountNumberIndex: Buffer | null;
}

/**
 * Encrypts account numbers. A number is bound to its tenant and row, not to its customer: it stays as it is when customers
 * are merged.
 */
export class AccountNumberCipher {
  constructor(
    private readonly cipher: Cipher,
    private readonly index: AccountNumberIndex,
  ) {}

  async seal(accountNumber: string, owner: AccountNumberOwner): Promise<SealedAccountNumber> {
    const { ciphertext, keyId } = this.cipher.seal(accountNumber, belongsTo(owner));
    const characters = [...accountNumber];
    return {
      accountNumberCiphertext: ciphertext,
      accountNumberKeyId: keyId,
      accountNumberLastFour: characters.length > VISIBLE ? characters.slice(-VISIBLE).join("") : "",
      accountNumberLength: characters.length,
      accountNumberIndex: await this.index.digest(owner.tenantId, accountNumber),
    };
  }

  /** @throws Error where the key is not in the keyring, or the row is not the one it was sealed for */
  open(
    sealed: Pick<SealedAccountNumber, "accountNumberCiphertext" | "accountNumberKeyId">,
    owner: AccountNumberOwner,
  ): string {
    const { accountNumberCiphertext: ciphertext, accountNumberKeyId: keyId } = sealed;
    return this.cipher.open({ ciphertext, keyId }, belongsTo(owner));
  }
}

/** What may be seen of a number: its last four characters; nothing of one with four or fewer. */
export function maskAccountNumber({
  accountNumberLastFour: lastFour,
  accountNumberLength: length,
}: Pick<SealedAccountNumber, "accountNumberLastFour" | "accountNumberLength">): string {
  return "*".repeat(length - [...lastFour].length) + lastFour;
}

/** SQL for {@link maskAccountNumber} of a row. */
export function maskedAccountNumberSql(account: string): string {
  const lastFour = `${account}.account_number_last_four`;
  return `repeat('*', ${account}.account_number_length - char_length(${lastFour})) || ${lastFour}`;
}

const belongsTo = ({ tenantId, accountId }: AccountNumberOwner): string => `${tenantId}|${accountId}|account_number`;

/** Account numbers, as they are sealed. */
export const accountNumberColumn = (index: AccountNumberIndex): SealedColumn => ({
  table: "bank_accounts",
  name: "account_number",
  rowKey: "id",
  identity: ["id"],
  belongsTo: (tenantId, { id }) => belongsTo({ tenantId, accountId: id ?? "" }),
  customerColumn: "customer_id",
  derived: { column: "account_number_index", of: (tenantId, text) => index.digest(tenantId, text) },
});
