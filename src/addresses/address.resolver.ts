import { FieldResolver, Resolver, Root } from "type-graphql";
import { Customer } from "../customers/customer.entity";
import { Address } from "./address";
import { formatAddress } from "./format-address";
import { computed, document, Planned } from "../read-planner/planned";

@Resolver(() => Address)
export class AddressResolver {
  @Planned(
    computed(
      (address) => address,
      (address) => formatAddress(address as Address),
    ),
  )
  @FieldResolver(() => String, {
    description: "The whole address on one line, in the order usual in its country, the country's English name last.",
  })
  formatted(@Root() address: Address): string {
    return formatAddress(address);
  }
}

/** What addresses add to customers. */
@Resolver(() => Customer)
export class CustomerAddressesResolver {
  @Planned(document((customer) => `${customer}.address`))
  @FieldResolver(() => Address, {
    nullable: true,
    description: "Where the customer is; null where no part of it is known.",
  })
  address(@Root() customer: Customer): Address | null {
    return customer.address;
  }

  @Planned(document((customer) => `${customer}.billing_address`))
  @FieldResolver(() => Address, { nullable: true, description: "Where invoices go; null where it is not said." })
  billingAddress(@Root() customer: Customer): Address | null {
    return customer.billingAddress;
  }
}
