import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType } from "../pagination/connection";
import { Invoice } from "./invoice.entity";
import { InvoiceFilter, InvoiceInput } from "./invoice.input";
import { invoiceList } from "./invoice.list";
import { type InvoiceService } from "./invoice.service";

export const invoiceFields = createRecordResolvers({
  entity: Invoice,
  connection: createConnectionType(Invoice),
  filter: InvoiceFilter,
  list: invoiceList,
  one: "invoice",
  many: "invoices",
  label: "invoices, newest first",
});

@Resolver(() => Invoice)
export class InvoiceMutations {
  constructor(private readonly invoices: InvoiceService) {}

  @Authorized("work:write")
  @Mutation(() => Invoice, {
    description:
      "Records an invoice to a customer. NOT_FOUND where there is no such customer; CONFLICT where the code is taken. Scope work:write.",
  })
  createInvoice(
    @Arg("customer", () => CustomerKey, { description: "To whom." }) customer: CustomerKey,
    @Arg("input", () => InvoiceInput, { description: "The invoice." }) input: InvoiceInput,
    @Ctx() context: RequestContext,
  ): Promise<Invoice> {
    return context.write((scope) => this.invoices.create(scope, customer, input));
  }
}
