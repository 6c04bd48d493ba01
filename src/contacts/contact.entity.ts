import { Field, ObjectType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

@ObjectType({ description: "A person to reach at a customer." })
@Entity("contacts")
export class Contact extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => String, { description: "The person's name, at most 300 characters." })
  @Column({ type: "text" })
  name!: string;

  @Field(() => String, { nullable: true, description: "What the person does there, at most 200 characters." })
  @Column({ type: "text", nullable: true })
  title!: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address, as it was given." })
  @Column({ type: "text", nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true, description: "Phone number in E.164 (+84912345678)." })
  @Column({ type: "text", nullable: true })
  phone!: string | null;

  @Field(() => Boolean, {
    description: "Whether this is the one to reach first. At most one contact of a customer is primary.",
  })
  @Column({ name: "is_primary", type: "boolean" })
  isPrimary!: boolean;
}

/** The order of a customer's contacts: the primary one first, then as they were created. */
export const contactOrder = (contact: string): string => `${contact}.is_primary desc, ${contact}.id`;
