import { Field, InputType } from "type-graphql";
import { Text } from "../validation/validators";

/** Characters of one part of an address, at most. */
const MAX_PART_LENGTH = 300;

@InputType({
  description:
    "An address, replaced whole: a part that is left out is not known. One without any part is no address. Each part has at most 300 characters.",
})
export class AddressInput {
  @Field(() => String, {
    nullable: true,
    description: "An ISO 3166-1 alpha-2 code, or the country's English or local name (Vietnam, Việt Nam).",
  })
  @Text(MAX_PART_LENGTH)
  country?: string | null;

  @Field(() => String, { nullable: true, description: "State, province or region." })
  @Text(MAX_PART_LENGTH)
  state?: string | null;

  @Field(() => String, { nullable: true, description: "City, town or village." })
  @Text(MAX_PART_LENGTH)
  city?: string | null;

  @Field(() => String, { nullable: true, description: "District, the level below city or province." })
  @Text(MAX_PART_LENGTH)
  district?: string | null;

  @Field(() => String, { nullable: true, description: "Ward or commune, the level below district." })
  @Text(MAX_PART_LENGTH)
  ward?: string | null;

  @Field(() => String, { nullable: true, description: "Street, with the house number where it is not kept apart." })
  @Text(MAX_PART_LENGTH)
  street?: string | null;

  @Field(() => String, { nullable: true, description: "Name of the building." })
  @Text(MAX_PART_LENGTH)
  building?: string | null;

  @Field(() => String, { nullable: true, description: "House number." })
  @Text(MAX_PART_LENGTH)
  premise?: string | null;

  @Field(() => String, { nullable: true, description: "What follows the house number: unit, floor, letter." })
  @Text(MAX_PART_LENGTH)
  subPremise?: string | null;

  @Field(() => String, { nullable: true, description: "Postal code." })
  @Text(MAX_PART_LENGTH)
  postalCode?: string | null;
}
