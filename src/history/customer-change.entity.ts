import { Extensions, Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { DateTimeScalar } from "../graphql/scalars/date-time";
import { JsonScalar } from "../graphql/scalars/json";
import { TenantOwned } from "../tenancy/tenant-owned.entity";
import { computed, Planned } from "../read-planner/planned";

/** What was done to a customer. */
export enum CustomerChangeAction {
  CREATED = "CREATED",
  UPDATED = "UPDATED",
  CODE_CHANGED = "CODE_CHANGED",
  DELETED = "DELETED",
  RESTORED = "RESTORED",
  MERGED = "MERGED",
  MERGED_AWAY = "MERGED_AWAY",
}

registerEnumType(CustomerChangeAction, {
  name: "CustomerChangeAction",
  description: "What was done to a customer.",
  valuesConfig: {
    CREATED: { description: "It was created, with what was nested in it." },
    UPDATED: { description: "It, or something that belongs to it, was added, changed or removed." },
    CODE_CHANGED: { description: "Its code was changed." },
    DELETED: { description: "It was moved to the trash." },
    RESTORED: { description: "It was brought back from the trash." },
    MERGED: { description: "Others were merged into it." },
    MERGED_AWAY: { description: "It was merged into another, and moved to the trash." },
  },
});

@ObjectType({ description: "One field that a change changed." })
export class FieldChange {
  @Field(() => [String], {
    description:
      'Which field: ["name"]; of what belongs to the customer, with its list and id: ["contacts", "<id>", "email"]; of a custom field, with its code at the time: ["customFields", "industry"].',
  })
  path!: string[];

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The value before; null where there was none. Terms by their code; account numbers masked.",
  })
  before!: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The value after; null where there is none. Terms by their code; account numbers masked.",
  })
  after!: unknown;
}

@ObjectType({
  description: "One change of a customer, or of what belongs to it. It is kept until the customer is purged.",
})
@Entity("customer_changes")
export class CustomerChange extends TenantOwned {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => DateTimeScalar, { name: "at", description: "When it was done, to the millisecond." })
  override createdAt!: Date;

  @Field(() => CustomerChangeAction, { description: "What was done." })
  @Column({ type: "text" })
  action!: CustomerChangeAction;

  @Field(() => ID, {
    nullable: true,
    description: "The id of the credential that did it; null where a command of the gateway did.",
  })
  @Column({ name: "credential_id", type: "uuid", nullable: true })
  credentialId!: string | null;

  @Field(() => String, { name: "credential", description: "What that credential was called at the time." })
  @Column({ name: "credential_name", type: "text" })
  credentialName!: string;

  @Planned(
    computed(
      (change) => `${change}.fields`,
      (fields) => fields,
    ),
  )
  @Extensions({ size: 5 })
  @Field(() => [FieldChange], { description: "Each field that changed, with its old and new value." })
  @Column({ type: "jsonb" })
  fields!: FieldChange[];
}
