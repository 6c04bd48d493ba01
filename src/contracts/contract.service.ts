import { v7 as uuidv7 } from "uuid";
import { assignCode } from "../codes/assign-codes";
import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { problem } from "../errors/domain-errors";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Contract } from "./contract.entity";
import { type ContractInput } from "./contract.input";

/** The rules for contracts. */
export class ContractService {
  constructor(private readonly codeNumbers: CodeNumbers) {}

  /**
   * @throws BadUserInputError with every problem of the input
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where another contract has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: ContractInput): Promise<Contract> {
    const endsEarly = input.startsOn != null && input.endsOn != null && input.endsOn < input.startsOn;
    throwIfAny([
      ...validateInput(input, ["input"]),
      ...(endsEarly ? [problem(["input", "endsOn"], "WRONG_ORDER", { what: "startsOn" })] : []),
    ]);
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    const space = { kind: "contract", table: "contracts", prefix: "CT-" } as const;
    const code = await assignCode(scope, this.codeNumbers, space, input.code, "contract");
    const [contract] = await scope.insert(Contract, [
      {
        id: uuidv7(),
        customerId: customer.id,
        code,
        codeKey: codeKey(code),
        title: input.title,
        status: input.status,
        startsOn: input.startsOn ?? null,
        endsOn: input.endsOn ?? null,
      },
    ]);
    if (!contract) throw new Error("An insert answers with its row");
    return contract;
  }
}
