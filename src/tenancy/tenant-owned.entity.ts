import { Field, ID, ObjectType } from "type-graphql";
import { Column, PrimaryColumn } from "typeorm";
import { DateTimeScalar } from "../graphql/scalars/date-time";

/** What every record of a tenant has. The tenant comes from the credential alone, and is no field of the graph. */
@ObjectType()
export abstract class TenantOwned {
  @PrimaryColumn({ name: "tenant_id", type: "uuid" })
  tenantId!: string;

  @Field(() => ID, { description: "A UUID (version 7), given at creation, never changed and never used again." })
  @PrimaryColumn({ type: "uuid" })
  id!: string;

  @Column({ name: "created_at", type: "timestamptz", precision: 3, default: () => "now()" })
  createdAt!: Date;
}

/** A record that shows when it was made and last changed. */
@ObjectType()
export abstract class TimestampedRecord extends TenantOwned {
  @Field(() => DateTimeScalar, { description: "When it was created, to the millisecond." })
  override createdAt!: Date;

  @Field(() => DateTimeScalar, { description: "When it was last changed, to the millisecond; at first as createdAt." })
  @Column({ name: "updated_at", type: "timestamptz", precision: 3, default: () => "now()" })
  updatedAt!: Date;
}
