import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { TenantOwned } from "../tenancy/tenant-owned.entity";

/** What a custom field holds. */
export enum CustomFieldType {
  TEXT = "TEXT",
  NUMBER = "NUMBER",
  BOOLEAN = "BOOLEAN",
  DATE = "DATE",
  SELECT = "SELECT",
  MULTI_SELECT = "MULTI_SELECT",
}

registerEnumType(CustomFieldType, {
  name: "CustomFieldType",
  description: "What the values of a custom field are.",
  valuesConfig: {
    TEXT: { description: "A string of at most 4,000 characters." },
    NUMBER: { description: "A finite number, kept as a double." },
    BOOLEAN: { description: "true or false." },
    DATE: { description: "A calendar day as YYYY-MM-DD." },
    SELECT: { description: "One of the field's options." },
    MULTI_SELECT: { description: "A list of the field's options, none twice, in the order given." },
  },
});

@ObjectType({
  description: "The definition of a custom field of customers. Lists of them are in the order created.",
})
@Entity("customer_fields")
export class CustomerField extends TenantOwned {
  @Field(() => String, {
    description: "Unique among the tenant's custom fields, compared without regard to case. At most 64 characters.",
  })
  @Column({ type: "text" })
  code!: string;

  /** The code as it is compared: lower case. */
  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => String, { description: "Display name, at most 200 characters." })
  @Column({ type: "text" })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: "What it is for, at most 2,000 characters. Null where nobody said.",
  })
  @Column({ type: "text", nullable: true })
  description!: string | null;

  @Field(() => CustomFieldType, { description: "What its values are." })
  @Column({ type: "text" })
  type!: CustomFieldType;

  @Field(() => [String], { description: "The allowed values of SELECT and MULTI_SELECT; empty for the other types." })
  @Column({ type: "text", array: true })
  options!: string[];

  @Field(() => Boolean, { description: "Whether a customer cannot be created or replaced without a value." })
  @Column({ type: "boolean" })
  required!: boolean;
}
