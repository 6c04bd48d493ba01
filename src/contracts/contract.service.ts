import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { given, RecordWriter } from "../customers/record-writer";
import { type InsertRow, type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { dayOrderProblems } from "../validation/day-order";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Contract } from "./contract.entity";
import { type ContractInput, type ContractPatch } from "./contract.input";

const KIND = {
  entity: Contract,
  codes: { kind: "contract", table: "contracts", prefix: "CT-" },
  label: "contract",
  list: "contracts",
} as const;

/** The rules for contracts. */
export class ContractService {
  private readonly writer: RecordWriter<Contract>;

  constructor(codeNumbers: CodeNumbers) {
    this.writer = new RecordWriter<Contract>(KIND, codeNumbers, ({ code }) => ({ codeKey: codeKey(code) }));
  }

  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another contract has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: ContractInput): Promise<Contract> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    throwIfAny([...validateInput(input, ["input"]), ...dayOrderProblems(input, "startsOn", "endsOn")]);
    return this.writer.create(scope, customer.id, input.code, {
      title: input.title,
      status: input.status,
      startsOn: input.startsOn ?? null,
      endsOn: input.endsOn ?? null,
    });
  }

  /**
   * @throws NotFoundError where there is no such contract, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch
   * @throws ConflictError where another contract has the code
   */
  async update(scope: TenantScope, id: string, patch: ContractPatch): Promise<Contract> {
    const { record } = await lockOwnerOf(scope, Contract, id);
    const after = { ...record, ...given(patch) };
    throwIfAny([...validateInput(patch, ["input"]), ...dayOrderProblems(after, "startsOn", "endsOn")]);
    return this.writer.update(scope, record, given(patch) as Partial<InsertRow<Contract>>);
  }

  /**
   * @returns the id that it had
   * @throws NotFoundError where there is no such contract, or its customer is in the trash
   */
  async delete(scope: TenantScope, id: string): Promise<string> {
    const { record } = await lockOwnerOf(scope, Contract, id);
    return this.writer.delete(scope, record);
  }
}
