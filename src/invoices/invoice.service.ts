import { v7 as uuidv7 } from "uuid";
import { assignCode } from "../codes/assign-codes";
import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { problem } from "../errors/domain-errors";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Invoice } from "./invoice.entity";
import { type InvoiceInput } from "./invoice.input";

/** The rules for invoices. */
export class InvoiceService {
  constructor(private readonly codeNumbers: CodeNumbers) {}

  /**
   * @throws BadUserInputError with every problem of the input
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where another invoice has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: InvoiceInput): Promise<Invoice> {
    const dueEarly = input.issuedOn != null && input.dueOn != null && input.dueOn < input.issuedOn;
    throwIfAny([
      ...validateInput(input, ["input"]),
      ...(dueEarly ? [problem(["input", "dueOn"], "WRONG_ORDER", { what: "issuedOn" })] : []),
    ]);
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    const space = { kind: "invoice", table: "invoices", prefix: "INV-" } as const;
    const code = await assignCode(scope, this.codeNumbers, space, input.code, "invoice");
    const [invoice] = await scope.insert(Invoice, [
      {
        id: uuidv7(),
        customerId: customer.id,
        code,
        codeKey: codeKey(code),
        status: input.status,
        amount: input.amount,
        currency: input.currency,
        issuedOn: input.issuedOn ?? null,
        dueOn: input.dueOn ?? null,
      },
    ]);
    if (!invoice) throw new Error("An insert answers with its row");
    return invoice;
  }
}
