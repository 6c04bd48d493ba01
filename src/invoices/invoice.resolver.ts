import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType } from "../pagination/connection";
import { Invoice } from "./invoice.entity";
import { InvoiceFilter, InvoiceInput, InvoicePatch } from "./invoice.input";
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

  @Authorized("work:write")
  @Mutation(() => Invoice, {
    description:
      "Changes an invoice: what is left out stays, null clears. NOT_FOUND where there is none; CONFLICT where the code is taken. Scope work:write.",
  })
  updateInvoice(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Arg("input", () => InvoicePatch, { description: "What to change." }) input: InvoicePatch,
    @Ctx() context: RequestContext,
  ): Promise<Invoice> {
    return context.write((scope) => this.invoices.update(scope, id, input));
  }

  @Authorized("work:write")
  @Mutation(() => ID, {
    description:
      "Deletes an invoice for good, and answers with its id. NOT_FOUND where there is none. Scope work:write.",
  })
  deleteInvoice(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.invoices.delete(scope, id));
  }
}
