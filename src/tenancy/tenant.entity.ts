import { Column, Entity, PrimaryColumn } from "typeorm";
import { Field, ID, ObjectType } from "type-graphql";

@ObjectType({ description: "An organisation whose customer data is kept apart from everyone else's." })
@Entity("tenants")
export class Tenant {
  @Field(() => ID, { description: "A UUID." })
  @PrimaryColumn({ type: "uuid" })
  id!: string;

  @Field(() => String, { description: "The short name that administrators use for it." })
  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => String, { description: "Display name." })
  @Column({ type: "text" })
  name!: string;

  @Column({ name: "created_at", type: "timestamptz", precision: 3, default: () => "now()" })
  createdAt!: Date;
}
