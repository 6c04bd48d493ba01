import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { CountryCodeScalar } from "../graphql/scalars/country-code";

/** What a tenant can make obligatory for its customers. */
export enum RequirableField {
  CODE = "CODE",
  NAME = "NAME",
  EMAIL = "EMAIL",
  PHONES = "PHONES",
  TAX_ID = "TAX_ID",
  ADDRESS = "ADDRESS",
  STATUS = "STATUS",
  TYPE = "TYPE",
  GROUP = "GROUP",
  BRANCH = "BRANCH",
}

registerEnumType(RequirableField, {
  name: "RequirableField",
  description: "What a tenant can make obligatory for its customers.",
  valuesConfig: {
    CODE: { description: "A code given by the caller: none is assigned." },
    NAME: { description: "A display name given by the caller." },
    EMAIL: { description: "An e-mail address." },
    PHONES: { description: "At least one phone number." },
    TAX_ID: { description: "A tax identification number." },
    ADDRESS: { description: "An address with at least one part." },
    STATUS: { description: "A status, given or by defaultStatus." },
    TYPE: { description: "A type." },
    GROUP: { description: "A group." },
    BRANCH: { description: "A branch." },
  },
});

@ObjectType({
  description:
    "What this tenant asks of its customer records. The systems that Clientele takes over disagree, so it is a setting.",
})
@Entity("tenant_settings")
export class TenantSettings {
  @PrimaryColumn({ name: "tenant_id", type: "uuid" })
  tenantId!: string;

  @Field(() => CountryCodeScalar, {
    nullable: true,
    description:
      "Region of phone numbers and addresses that are written without one. At first null: international only.",
  })
  @Column({ name: "default_region", type: "text", nullable: true })
  defaultRegion: string | null = null;

  @Field(() => String, {
    description: "Prefix of assigned customer codes, at first C-. Changing it does not restart the count.",
  })
  @Column({ name: "code_prefix", type: "text" })
  codePrefix: string = "C-";

  @Column({ name: "default_status_id", type: "uuid", nullable: true })
  defaultStatusId: string | null = null;

  @Field(() => Boolean, {
    description:
      "Whether a COMPANY customer needs at least one contact. At first false. Checked whenever a customer or its contacts are written.",
  })
  @Column({ name: "company_needs_contact", type: "boolean" })
  companyNeedsContact: boolean = false;

  @Field(() => [RequirableField], {
    description: "Customers cannot be created or replaced without these, nor have them cleared. At first none.",
  })
  @Column({ name: "required_fields", type: "text", array: true })
  requiredFields: RequirableField[] = [];
}
