import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { DateScalar } from "../graphql/scalars/date";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

/** Where a contract stands. */
export enum ContractStatus {
  DRAFT = "DRAFT",
  ACTIVE = "ACTIVE",
  EXPIRED = "EXPIRED",
  TERMINATED = "TERMINATED",
}

registerEnumType(ContractStatus, {
  name: "ContractStatus",
  description: "Where a contract stands.",
  valuesConfig: {
    DRAFT: { description: "Not agreed yet." },
    ACTIVE: { description: "In force. Blocks the deletion of the customer." },
    EXPIRED: { description: "Ended by its time." },
    TERMINATED: { description: "Ended before its time." },
  },
});

@ObjectType({ description: "An agreement with a customer." })
@Entity("contracts")
export class Contract extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => String, {
    description: "Unique within the tenant, compared without regard to case. Assigned (CT-10001, ...) when not given.",
  })
  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => String, { description: "What it is about, in a line; at most 300 characters." })
  @Column({ type: "text" })
  title!: string;

  @Field(() => ContractStatus, { description: "Where it stands. ACTIVE blocks the deletion of the customer." })
  @Column({ type: "text" })
  status!: ContractStatus;

  @Field(() => DateScalar, { nullable: true, description: "Its first day." })
  @Column({ name: "starts_on", type: "date", nullable: true })
  startsOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: "Its last day; not before startsOn." })
  @Column({ name: "ends_on", type: "date", nullable: true })
  endsOn!: string | null;
}
