import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { given, RecordWriter } from "../customers/record-writer";
import { type InsertRow, type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { dayOrderProblems } from "../validation/day-order";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Invoice } from "./invoice.entity";
import { type InvoiceInput, type InvoicePatch } from "./invoice.input";

const KIND = {
  entity: Invoice,
  codes: { kind: "invoice", table: "invoices", prefix: "INV-" },
  label: "invoice",
  list: "invoices",
} as const;

/** The rules for invoices. */
export class InvoiceService {
  private readonly writer: RecordWriter<Invoice>;

  constructor(codeNumbers: CodeNumbers) {
    this.writer = new RecordWriter<Invoice>(KIND, codeNumbers, ({ code }) => ({ codeKey: codeKey(code) }));
  }

  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another invoice has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: InvoiceInput): Promise<Invoice> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    throwIfAny([...validateInput(input, ["input"]), ...dayOrderProblems(input, "issuedOn", "dueOn")]);
    return this.writer.create(scope, customer.id, input.code, {
      status: input.status,
      amount: input.amount,
      currency: input.currency,
      issuedOn: input.issuedOn ?? null,
      dueOn: input.dueOn ?? null,
    });
  }

  /**
   * @throws NotFoundError where there is no such invoice, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch
   * @throws ConflictError where another invoice has the code
   */
  async update(scope: TenantScope, id: string, patch: InvoicePatch): Promise<Invoice> {
    const { record } = await lockOwnerOf(scope, Invoice, id);
    const after = { ...record, ...given(patch) };
    throwIfAny([...validateInput(patch, ["input"]), ...dayOrderProblems(after, "issuedOn", "dueOn")]);
    return this.writer.update(scope, record, given(patch) as Partial<InsertRow<Invoice>>);
  }

  /**
   * @returns the id that it had
   * @throws NotFoundError where there is no such invoice, or its customer is in the trash
   */
  async delete(scope: TenantScope, id: string): Promise<string> {
    const { record } = await lockOwnerOf(scope, Invoice, id);
    return this.writer.delete(scope, record);
  }
}
