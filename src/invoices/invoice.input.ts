import { Field, InputType } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { DateScalar } from "../graphql/scalars/date";
import { DecimalScalar } from "../graphql/scalars/decimal";
import { DateRange } from "../pagination/range.input";
import { Code, Currency, NotNull, PresentCode, RequiredCurrency } from "../validation/validators";
import { InvoiceStatus } from "./invoice.entity";

@InputType({ description: "A new invoice to a customer." })
export class InvoiceInput {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Assigned (INV-10001, ...) when left out.",
  })
  @Code()
  code?: string | null;

  @Field(() => InvoiceStatus, { defaultValue: InvoiceStatus.DRAFT, description: "Where it stands." })
  status!: InvoiceStatus;

  @Field(() => DecimalScalar, { description: "The total, in units of the currency." })
  amount!: string;

  @Field(() => String, { description: "ISO 4217 code, such as VND." })
  @RequiredCurrency()
  currency!: string;

  @Field(() => DateScalar, { nullable: true, description: "The day it is issued." })
  issuedOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it is to be paid by; not before issuedOn." })
  dueOn?: string | null;
}

@InputType({
  description:
    "What to change of an invoice: what is left out stays, null clears; what has to be there cannot be cleared.",
})
export class InvoicePatch {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Not null.",
  })
  @PresentCode()
  code?: string | null;

  @Field(() => InvoiceStatus, { nullable: true, description: "Where it stands." })
  @NotNull()
  status?: InvoiceStatus | null;

  @Field(() => DecimalScalar, { nullable: true, description: "The total, in units of the currency." })
  @NotNull()
  amount?: string | null;

  @Field(() => String, { nullable: true, description: "ISO 4217 code, such as VND." })
  @Currency()
  @NotNull()
  currency?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it is issued." })
  issuedOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it is to be paid by; not before issuedOn." })
  dueOn?: string | null;
}

@InputType({
  description:
    "Which invoices. All conditions that are given must hold; null is refused, an empty list matches nothing.",
})
export class InvoiceFilter {
  @Field(() => CustomerKey, {
    nullable: true,
    description: "Those of this customer; none where there is no such customer.",
  })
  customer?: CustomerKey;

  @Field(() => [InvoiceStatus], { nullable: true, description: "Any of these states." })
  status?: InvoiceStatus[];

  @Field(() => DateRange, { nullable: true, description: "The day it is to be paid by." })
  dueOn?: DateRange;
}
