import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { DateScalar } from "../graphql/scalars/date";
import { DecimalScalar } from "../graphql/scalars/decimal";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

/** Where an invoice stands. */
export enum InvoiceStatus {
  DRAFT = "DRAFT",
  PENDING = "PENDING",
  PAID = "PAID",
  VOID = "VOID",
}

registerEnumType(InvoiceStatus, {
  name: "InvoiceStatus",
  description: "Where an invoice stands.",
  valuesConfig: {
    DRAFT: { description: "Not sent yet." },
    PENDING: { description: "Sent, not paid. Blocks the deletion of the customer." },
    PAID: { description: "Paid." },
    VOID: { description: "Taken back." },
  },
});

@ObjectType({ description: "What a customer is asked to pay." })
@Entity("invoices")
export class Invoice extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => String, {
    description: "Unique within the tenant, compared without regard to case. Assigned (INV-10001, ...) when not given.",
  })
  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => InvoiceStatus, { description: "Where it stands. PENDING blocks the deletion of the customer." })
  @Column({ type: "text" })
  status!: InvoiceStatus;

  @Field(() => DecimalScalar, { description: "The total, exact, in units of the currency; digits as they were given." })
  @Column({ type: "numeric" })
  amount!: string;

  @Field(() => String, { description: "ISO 4217 code, such as VND." })
  @Column({ type: "text" })
  currency!: string;

  @Field(() => DateScalar, { nullable: true, description: "The day it was issued." })
  @Column({ name: "issued_on", type: "date", nullable: true })
  issuedOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it is to be paid by; not before issuedOn." })
  @Column({ name: "due_on", type: "date", nullable: true })
  dueOn!: string | null;
}
