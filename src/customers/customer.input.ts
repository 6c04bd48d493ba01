import { Field, InputType } from "type-graphql";
import { AddressInput } from "../addresses/address.input";
import { BankAccountInput } from "../bank-accounts/bank-account.input";
import { ContactInput } from "../contacts/contact.input";
import { CustomFieldInput } from "../custom-fields/custom-field.input";
import { Code, Email, Nested, NestedList, Text, Texts, WebAddress } from "../validation/validators";
import { CustomerKind } from "./customer.entity";

/** Entries of a customer's lists, at most. */
const MAX_NESTED = 100;

/** What a whole customer and a patch have in common. */
@InputType()
abstract class CustomerFields {
  @Field(() => CustomerKind, {
    nullable: true,
    description:
      "When left out at creation: COMPANY where company is given and neither first nor last name, else PERSONAL.",
  })
  kind?: CustomerKind | null;

  @Field(() => String, {
    nullable: true,
    description: "Display name, at most 300 characters. When left out it follows company, names, e-mail and phone.",
  })
  @Text(300)
  name?: string | null;

  @Field(() => String, { nullable: true, description: "Company name, at most 300 characters." })
  @Text(300)
  company?: string | null;

  @Field(() => String, { nullable: true, description: "First (given) name, at most 150 characters." })
  @Text(150)
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "Last (family) name, at most 150 characters." })
  @Text(150)
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address." })
  @Email()
  email?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "Phone numbers: international, or national for phoneRegion. At most 20; one given twice is kept once.",
  })
  @Texts(20, 64)
  phones?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The region of national phone numbers here (phones, fax, those of the contacts): an ISO country code (VN) or a dialling code (+84). The tenant's default otherwise.",
  })
  @Text(64)
  phoneRegion?: string | null;

  @Field(() => String, { nullable: true, description: "Fax number, written as phones are." })
  @Text(64)
  fax?: string | null;

  @Field(() => String, { nullable: true, description: "Web address, http or https." })
  @WebAddress()
  website?: string | null;

  @Field(() => String, { nullable: true, description: "Tax identification number, at most 64 characters." })
  @Text(64)
  taxId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What was agreed about paying, such as net30; at most 200 characters.",
  })
  @Text(200)
  paymentTerms?: string | null;

  @Field(() => String, { nullable: true, description: "Free text, at most 10,000 characters." })
  @Text(10_000)
  notes?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "Labels, at most 50, of 64 characters each; one given twice without regard to case is kept once.",
  })
  @Texts(50, 64)
  tags?: string[] | null;

  @Field(() => AddressInput, { nullable: true, description: "Where the customer is." })
  @Nested()
  address?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: "Where invoices go, where that is another place." })
  @Nested()
  billingAddress?: AddressInput | null;

  @Field(() => String, { nullable: true, description: "Code of the branch." })
  branch?: string | null;

  @Field(() => String, { nullable: true, description: "Code of the status. The tenant's default otherwise." })
  status?: string | null;

  @Field(() => String, { nullable: true, description: "Code of the type." })
  type?: string | null;

  @Field(() => String, { nullable: true, description: "Code of the group." })
  group?: string | null;

  @Field(() => [ContactInput], { nullable: true, description: "People to reach, at most 100." })
  @NestedList(MAX_NESTED)
  contacts?: ContactInput[] | null;

  @Field(() => [BankAccountInput], { nullable: true, description: "Bank accounts, at most 100." })
  @NestedList(MAX_NESTED)
  bankAccounts?: BankAccountInput[] | null;

  @Field(() => [CustomFieldInput], { nullable: true, description: "Values of custom fields, each field once." })
  @NestedList(500)
  customFields?: CustomFieldInput[] | null;
}

@InputType({
  description:
    "A customer with everything that is its own. Texts are stored in Unicode NFC, trimmed; a blank text is as null. Which parts are required is the tenant's setting (TenantSettings.requiredFields).",
})
export class CustomerInput extends CustomerFields {
  @Field(() => String, {
    nullable: true,
    description:
      "Unique within the tenant without regard to case, at most 64 characters. Assigned when left out at creation; stays when left out of a replacement.",
  })
  @Code()
  code?: string | null;
}

@InputType({
  description:
    "What to change of a customer: what is left out stays, null clears, lists are replaced whole. An entry of a list with an id changes that one (what it leaves out stays, but isPrimary is false where it is left out), one without is new, those not listed go. Of custom fields only those named change.",
})
export class CustomerPatch extends CustomerFields {}
