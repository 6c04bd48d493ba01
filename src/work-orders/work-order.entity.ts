import { Field, ObjectType, registerEnumType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { DateTimeScalar } from "../graphql/scalars/date-time";
import { TimestampedRecord } from "../tenancy/tenant-owned.entity";

/** How far a work order is. */
export enum WorkOrderStatus {
  OPEN = "OPEN",
  SCHEDULED = "SCHEDULED",
  IN_PROGRESS = "IN_PROGRESS",
  ON_HOLD = "ON_HOLD",
  COMPLETED = "COMPLETED",
  CANCELLED = "CANCELLED",
}

registerEnumType(WorkOrderStatus, {
  name: "WorkOrderStatus",
  description:
    "How far a work order is. COMPLETED and CANCELLED are final; the others are active and block the deletion of the customer.",
  valuesConfig: {
    OPEN: { description: "Not planned yet." },
    SCHEDULED: { description: "Planned for a time." },
    IN_PROGRESS: { description: "Being worked on." },
    ON_HOLD: { description: "Begun or planned, waiting for something." },
    COMPLETED: { description: "Done. Final." },
    CANCELLED: { description: "Will not be done. Final." },
  },
});

/** How urgent a work order is. */
export enum Priority {
  LOW = "LOW",
  NORMAL = "NORMAL",
  HIGH = "HIGH",
  URGENT = "URGENT",
}

registerEnumType(Priority, {
  name: "Priority",
  description: "How urgent a work order is.",
  valuesConfig: {
    LOW: { description: "Whenever there is time." },
    NORMAL: { description: "In its turn." },
    HIGH: { description: "Before the normal ones." },
    URGENT: { description: "At once." },
  },
});

@ObjectType({ description: "Work to be done for a customer, possibly on one of its assets." })
@Entity("work_orders")
export class WorkOrder extends TimestampedRecord {
  @Column({ name: "customer_id", type: "uuid" })
  customerId!: string;

  @Column({ name: "asset_id", type: "uuid", nullable: true })
  assetId!: string | null;

  @Field(() => String, {
    description: "Unique within the tenant, compared without regard to case. Assigned (WO-10001, ...) when not given.",
  })
  @Column({ type: "text" })
  code!: string;

  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => String, { description: "What is to be done, in a line; at most 300 characters." })
  @Column({ type: "text" })
  title!: string;

  @Field(() => String, { nullable: true, description: "The details, at most 10,000 characters." })
  @Column({ type: "text", nullable: true })
  description!: string | null;

  @Field(() => WorkOrderStatus, { description: "How far it is." })
  @Column({ type: "text" })
  status!: WorkOrderStatus;

  @Field(() => Priority, { description: "How urgent it is." })
  @Column({ type: "text" })
  priority!: Priority;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it is planned for." })
  @Column({ name: "scheduled_at", type: "timestamptz", precision: 3, nullable: true })
  scheduledAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it became COMPLETED; null in every other state." })
  @Column({ name: "completed_at", type: "timestamptz", precision: 3, nullable: true })
  completedAt!: Date | null;
}
