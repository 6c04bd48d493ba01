import { Field, ObjectType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

@ObjectType({ description: "A bank account of a customer. Its number is encrypted at rest." })
@Entity("bank_accounts")
export class BankAccount extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => String, {
    nullable: true,
    description: "The bank's code in its country's scheme, at most 64 characters.",
  })
  @Column({ name: "bank_code", type: "text", nullable: true })
  bankCode!: string | null;

  @Field(() => String, { nullable: true, description: "The bank's name, at most 200 characters." })
  @Column({ name: "bank_name", type: "text", nullable: true })
  bankName!: string | null;

  @Field(() => String, { nullable: true, description: "Whose account it is, at most 300 characters." })
  @Column({ name: "account_holder_name", type: "text", nullable: true })
  accountHolderName!: string | null;

  @Column({ name: "account_number_ciphertext", type: "bytea" })
  accountNumberCiphertext!: Buffer;

  @Column({ name: "account_number_key_id", type: "text" })
  accountNumberKeyId!: string;

  @Column({ name: "account_number_last_four", type: "text" })
  accountNumberLastFour!: string;

  @Column({ name: "account_number_length", type: "smallint" })
  accountNumberLength!: number;

  /** An HMAC of the number, to find it by. */
  @Column({ name: "account_number_index", type: "bytea", nullable: true })
  accountNumberIndex!: Buffer | null;
}
