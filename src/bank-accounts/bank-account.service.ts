import { v7 as uuidv7 } from "uuid";
import { accountDifferences } from "../customers/customer-history";
import { type Customer } from "../customers/customer.entity";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { touchCustomer } from "../customers/touch-customer";
import { problem } from "../errors/domain-errors";
import { type TenantScope } from "../tenancy/tenant-scope";
import { throwIfAny, validateInput, validateInputOrThrow } from "../validation/validate-input";
import { type AccountNumberCipher } from "./account-number-cipher";
import { BankAccount } from "./bank-account.entity";
import { type BankAccountInput, type BankAccountPatch } from "./bank-account.input";

const PART = { isPart: true };

/** The rules for single bank accounts; lists of them are written with their customer. */
export class BankAccountService {
  constructor(private readonly cipher: AccountNumberCipher) {}

  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: BankAccountInput): Promise<BankAccount> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    const problems = validateInput(input, ["input"]);
    if (input.id != null) problems.push(problem(["input", "id"], "NOT_ALLOWED_HERE", { what: "An id" }));
    if (input.accountNumber == null) {
      problems.push(problem(["input", "accountNumber"], "REQUIRED", { what: "An account number" }));
    }
    throwIfAny(problems);
    const id = uuidv7();
    const { bankCode = null, bankName = null, accountHolderName = null, accountNumber } = input;
    const sealed = await this.cipher.seal(accountNumber ?? "", { tenantId: scope.tenantId, accountId: id });
    const row = { id, customerId: customer.id, bankCode, bankName, accountHolderName, ...sealed };
    const [account] = await scope.insert(BankAccount, [row]);
    if (!account) throw new Error("An insert answers with its row");
    await touchCustomer(scope, customer.id, accountDifferences(undefined, account), PART);
    return account;
  }

  /**
   * @throws NotFoundError where there is no such account, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch
   */
  async update(scope: TenantScope, id: string, patch: BankAccountPatch): Promise<BankAccount> {
    const { record: before } = await lockOwnerOf(scope, BankAccount, id);
    validateInputOrThrow(patch, ["input"]);
    const owner = { tenantId: scope.tenantId, accountId: id };
    const isOther = patch.accountNumber != null && patch.accountNumber !== this.cipher.open(before, owner);
    const row = {
      id,
      bankCode: patch.bankCode === undefined ? before.bankCode : patch.bankCode,
      bankName: patch.bankName === undefined ? before.bankName : patch.bankName,
      accountHolderName: patch.accountHolderName === undefined ? before.accountHolderName : patch.accountHolderName,
      ...(isOther && (await this.cipher.seal(patch.accountNumber ?? "", owner))),
    };
    const changes = accountDifferences(before, Object.assign(new BankAccount(), before, row));
    if (changes.length === 0) return before;
    const [account] = await scope.update(BankAccount, [row], { set: ["updated_at = now()"] });
    if (!account) throw new Error("An account whose customer is locked can be updated");
    await touchCustomer(scope, before.customerId, changes, PART);
    return account;
  }

  /**
   * @returns the customer that it belonged to
   * @throws NotFoundError where there is no such account, or its customer is in the trash
   */
  async delete(scope: TenantScope, id: string): Promise<Customer> {
    const { record, customer } = await lockOwnerOf(scope, BankAccount, id);
    await scope.delete(BankAccount, [id]);
    await touchCustomer(scope, customer.id, accountDifferences(record, undefined), PART);
    return lockCustomer(scope, { id: customer.id }, ["id"]);
  }
}
