import { Field, InputType } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { DateScalar } from "../graphql/scalars/date";
import { Code, NotNull, PresentCode, PresentText, RequiredText, Text } from "../validation/validators";
import { AssetStatus } from "./asset.entity";

@InputType({ description: "A new asset of a customer." })
export class AssetInput {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Assigned (A-10001, ...) when left out.",
  })
  @Code()
  code?: string | null;

  @Field(() => String, { description: "Display name, at most 300 characters." })
  @RequiredText(300, "A name")
  name!: string;

  @Field(() => String, { nullable: true, description: "What sort of thing it is, at most 200 characters." })
  @Text(200)
  category?: string | null;

  @Field(() => String, { nullable: true, description: "Who made it, at most 200 characters." })
  @Text(200)
  manufacturer?: string | null;

  @Field(() => String, { nullable: true, description: "The maker's model, at most 200 characters." })
  @Text(200)
  model?: string | null;

  @Field(() => String, { nullable: true, description: "The maker's serial number, at most 200 characters." })
  @Text(200)
  serialNumber?: string | null;

  @Field(() => AssetStatus, { defaultValue: AssetStatus.ACTIVE, description: "Whether it is in use." })
  status!: AssetStatus;

  @Field(() => String, { nullable: true, description: "Where at the customer it stands, at most 300 characters." })
  @Text(300)
  location?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it was installed." })
  installedOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The last day of its warranty." })
  warrantyUntil?: string | null;
}

@InputType({
  description:
    "What to change of an asset: what is left out stays, null clears; what has to be there cannot be cleared.",
})
export class AssetPatch {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Not null.",
  })
  @PresentCode()
  code?: string | null;

  @Field(() => String, { nullable: true, description: "Display name, at most 300 characters." })
  @PresentText(300, "A name")
  name?: string | null;

  @Field(() => String, { nullable: true, description: "What sort of thing it is, at most 200 characters." })
  @Text(200)
  category?: string | null;

  @Field(() => String, { nullable: true, description: "Who made it, at most 200 characters." })
  @Text(200)
  manufacturer?: string | null;

  @Field(() => String, { nullable: true, description: "The maker's model, at most 200 characters." })
  @Text(200)
  model?: string | null;

  @Field(() => String, { nullable: true, description: "The maker's serial number, at most 200 characters." })
  @Text(200)
  serialNumber?: string | null;

  @Field(() => AssetStatus, { nullable: true, description: "Whether it is in use." })
  @NotNull()
  status?: AssetStatus | null;

  @Field(() => String, { nullable: true, description: "Where at the customer it stands, at most 300 characters." })
  @Text(300)
  location?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The day it was installed." })
  installedOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "The last day of its warranty." })
  warrantyUntil?: string | null;
}

@InputType({
  description: "Which assets. All conditions that are given must hold; null is refused, an empty list matches nothing.",
})
export class AssetFilter {
  @Field(() => CustomerKey, {
    nullable: true,
    description: "Those of this customer; none where there is no such customer.",
  })
  customer?: CustomerKey;

  @Field(() => [AssetStatus], { nullable: true, description: "Any of these states." })
  status?: AssetStatus[];

  @Field(() => String, { nullable: true, description: "The category, without regard to case and accents." })
  category?: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Every word occurs in name, code, category, manufacturer, model, serial number or location, without regard to case or accents. Blank is as if absent. At most 200 characters.",
  })
  search?: string;
}
