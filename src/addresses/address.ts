import { Field, ObjectType } from "type-graphql";
import { CountryCodeScalar } from "../graphql/scalars/country-code";

/** An address as it is stored: every part there, null where it is not known. */
export interface PostalAddress {
  country: string | null;
  state: string | null;
  city: string | null;
  district: string | null;
  ward: string | null;
  street: string | null;
  building: string | null;
  premise: string | null;
  subPremise: string | null;
  postalCode: string | null;
}

@ObjectType({
  description:
    "One shape for the addresses of every source: street = thoroughfare, city = locality, state = province or region, district and ward = the levels below it. A part that is not known is null.",
})
export class Address implements PostalAddress {
  @Field(() => CountryCodeScalar, { nullable: true, description: "The country, ISO 3166-1 alpha-2." })
  country!: string | null;

  @Field(() => String, { nullable: true, description: "State, province or region." })
  state!: string | null;

  @Field(() => String, { nullable: true, description: "City, town or village." })
  city!: string | null;

  @Field(() => String, { nullable: true, description: "District, the level below city or province." })
  district!: string | null;

  @Field(() => String, { nullable: true, description: "Ward or commune, the level below district." })
  ward!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Street, with the house number where the source does not keep it apart.",
  })
  street!: string | null;

  @Field(() => String, { nullable: true, description: "Name of the building." })
  building!: string | null;

  @Field(() => String, { nullable: true, description: "House number." })
  premise!: string | null;

  @Field(() => String, { nullable: true, description: "What follows the house number: unit, floor, letter." })
  subPremise!: string | null;

  @Field(() => String, { nullable: true, description: "Postal code." })
  postalCode!: string | null;
}
