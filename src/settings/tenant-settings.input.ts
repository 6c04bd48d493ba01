import { Field, InputType } from "type-graphql";
import { CountryCodeScalar } from "../graphql/scalars/country-code";
import { NoControlCharacters, NotNull, PresentText, Text } from "../validation/validators";
import { RequirableField } from "./tenant-settings.entity";

@InputType({ description: "What to change of a tenant's settings: what is left out stays, null clears." })
export class TenantSettingsPatch {
  @Field(() => CountryCodeScalar, {
    nullable: true,
    description: "Region of phone numbers and addresses that are written without one.",
  })
  defaultRegion?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Prefix of assigned customer codes, 1 to 20 characters; not null. Changing it does not restart the count.",
  })
  @PresentText(20, "A prefix")
  @NoControlCharacters()
  codePrefix?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The status, by its code, of a customer that is created without one.",
  })
  @Text(64)
  defaultStatus?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether a COMPANY customer needs at least one contact; not null.",
  })
  @NotNull()
  companyNeedsContact?: boolean | null;

  @Field(() => [RequirableField], {
    nullable: true,
    description:
      "Customers cannot be created or replaced without these, nor have them cleared; not null, but it can be empty.",
  })
  @NotNull()
  requiredFields?: RequirableField[] | null;
}
