import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { type PostalAddress } from "../addresses/address";
import { DateTimeScalar } from "../graphql/scalars/date-time";
import { TenantOwned, TimestampedRecord } from "../tenancy/tenant-owned.entity";

/** Whether the customer is a person or an organisation. */
export enum CustomerKind {
  PERSONAL = "PERSONAL",
  COMPANY = "COMPANY",
}

registerEnumType(CustomerKind, {
  name: "CustomerKind",
  description: "Whether a customer is a person or an organisation.",
  valuesConfig: {
    PERSONAL: { description: "A person." },
    COMPANY: { description: "A company or another organisation." },
  },
});

/** The values of a customer's custom fields by the field's id, so that renaming a field touches no customer. */
export type CustomValues = Record<string, unknown>;

@ObjectType({ description: "A person or company that the tenant does business with." })
@Entity("customers")
export class Customer extends TimestampedRecord {
  @Field(() => String, {
    description:
      "The name that people use for the record, at most 64 characters. Unique within the tenant, compared without regard to case. Assigned (C-10001, C-10002, ...) when not given.",
  })
  @Column({ type: "text" })
  code!: string;

  /** The code as it is compared: lower case. */
  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  /** The code as it is ordered and searched: without case and accents. */
  @Column({ name: "code_folded", type: "text" })
  codeFolded!: string;

  @Field(() => CustomerKind, { description: "Whether it is a person or an organisation." })
  @Column({ type: "text" })
  kind!: CustomerKind;

  @Field(() => String, {
    description:
      "Display name, at most 300 characters. When never given: company, else first and last name, else the e-mail, else the phone, and it follows them; the code where there is none of these.",
  })
  @Column({ type: "text" })
  name!: string;

  @Column({ name: "name_folded", type: "text" })
  nameFolded!: string;

  /** Whether the name was never given, and so follows company, names, e-mail and phone. */
  @Column({ name: "name_is_derived", type: "boolean" })
  nameIsDerived!: boolean;

  @Field(() => String, { nullable: true, description: "Company name, at most 300 characters." })
  @Column({ type: "text", nullable: true })
  company!: string | null;

  @Field(() => String, { nullable: true, description: "First (given) name, at most 150 characters." })
  @Column({ name: "first_name", type: "text", nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: "Last (family) name, at most 150 characters." })
  @Column({ name: "last_name", type: "text", nullable: true })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address, as it was given; compared in lower case." })
  @Column({ type: "text", nullable: true })
  email!: string | null;

  @Column({ name: "email_folded", type: "text", nullable: true })
  emailFolded!: string | null;

  @Field(() => [String], {
    description: "Phone numbers in E.164 (+84912345678), in the order given; no duplicates. Empty where there is none.",
  })
  @Column({ type: "text", array: true })
  phones!: string[];

  @Field(() => String, { nullable: true, description: "Fax number in E.164." })
  @Column({ type: "text", nullable: true })
  fax!: string | null;

  @Field(() => String, { nullable: true, description: "Web address, http or https." })
  @Column({ type: "text", nullable: true })
  website!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Tax identification number, as it was given; at most 64 characters.",
  })
  @Column({ name: "tax_id", type: "text", nullable: true })
  taxId!: string | null;

  @Column({ name: "tax_id_folded", type: "text", nullable: true })
  taxIdFolded!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What was agreed about paying, such as net30; at most 200 characters.",
  })
  @Column({ name: "payment_terms", type: "text", nullable: true })
  paymentTerms!: string | null;

  @Field(() => String, { nullable: true, description: "Free text, at most 10,000 characters." })
  @Column({ type: "text", nullable: true })
  notes!: string | null;

  @Field(() => [String], {
    description:
      "Labels in the order given, each at most 64 characters, none twice without regard to case. Empty where there is none.",
  })
  @Column({ type: "text", array: true })
  tags!: string[];

  @Column({ type: "jsonb", nullable: true })
  address!: PostalAddress | null;

  @Column({ name: "billing_address", type: "jsonb", nullable: true })
  billingAddress!: PostalAddress | null;

  @Column({ name: "branch_id", type: "uuid", nullable: true })
  branchId!: string | null;

  @Column({ name: "status_id", type: "uuid", nullable: true })
  statusId!: string | null;

  @Column({ name: "type_id", type: "uuid", nullable: true })
  typeId!: string | null;

  @Column({ name: "group_id", type: "uuid", nullable: true })
  groupId!: string | null;

  @Column({ name: "custom_values", type: "jsonb" })
  customValues!: CustomValues;

  /** Everything that `search` looks at, folded: written with the row, read by find_customers() only. */
  @Column({ name: "search_text", type: "text", select: false })
  searchText!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When it was moved to the trash; null while it is not there.",
  })
  @Column({ name: "deleted_at", type: "timestamptz", precision: 3, nullable: true })
  deletedAt!: Date | null;

  /** The customer that it was merged into; set in the trash only. */
  @Column({ name: "merged_into_id", type: "uuid", nullable: true })
  mergedIntoId!: string | null;

  @Field(() => Int, {
    description:
      "Grows by one with every change of the customer or of its contacts, bank accounts and custom field values; 1 at first.",
  })
  @Column({ type: "int" })
  version!: number;
}

/** A code that a rename gave up: it keeps finding its customer until another one takes it. */
@Entity("customer_previous_codes")
export class CustomerPreviousCode extends TenantOwned {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;
}
