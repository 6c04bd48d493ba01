import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { DateScalar } from "../graphql/scalars/date";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

/** Whether an asset is in use. */
export enum AssetStatus {
  ACTIVE = "ACTIVE",
  INACTIVE = "INACTIVE",
  RETIRED = "RETIRED",
}

registerEnumType(AssetStatus, {
  name: "AssetStatus",
  description: "Whether an asset is in use.",
  valuesConfig: {
    ACTIVE: { description: "In use." },
    INACTIVE: { description: "Out of use for now." },
    RETIRED: { description: "Out of use for good." },
  },
});

@ObjectType({ description: "A thing at a customer that work is done on: a machine, a device, an installation." })
@Entity("assets")
export class Asset extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Field(() => String, {
    description: "Unique within the tenant, compared without regard to case. Assigned (A-10001, ...) when not given.",
  })
  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Column({ name: "code_folded", type: "text" })
  codeFolded!: string;

  @Field(() => String, { description: "Display name, at most 300 characters." })
  @Column({ type: "text" })
  name!: string;

  @Field(() => String, { nullable: true, description: "What sort of thing it is, at most 200 characters." })
  @Column({ type: "text", nullable: true })
  category!: string | null;

  @Column({ name: "category_folded", type: "text", nullable: true })
  categoryFolded!: string | null;

  @Field(() => String, { nullable: true, description: "Who made it, at most 200 characters." })
  @Column({ type: "text", nullable: true })
  manufacturer!: string | null;

  @Field(() => String, { nullable: true, description: "The maker's model, at most 200 characters." })
  @Column({ type: "text", nullable: true })
  model!: string | null;

  @Field(() => String, { nullable: true, description: "The maker's serial number, at most 200 characters." })
  @Column({ name: "serial_number", type: "text", nullable: true })
  serialNumber!: string | null;

  @Field(() => AssetStatus, { description: "Whether it is in use." })
  @Column({ type: "text" })
  status!: AssetStatus;

  @Field(() => String, { nullable: true, description: "Where at the customer it stands, at most 300 characters." })
  @Column({ type: "text", nullable: true })
  location!: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it was installed." })
  @Column({ name: "installed_on", type: "date", nullable: true })
  installedOn!: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The last day of its warranty." })
  @Column({ name: "warranty_until", type: "date", nullable: true })
  warrantyUntil!: string | null;

  /** Everything that `search` looks at, folded: written with the row, read by find_assets() only. */
  @Column({ name: "search_text", type: "text", select: false })
  searchText!: string;
}
