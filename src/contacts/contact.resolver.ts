import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { Customer } from "../customers/customer.entity";
import { findOfTenant, ofItsCustomer, oneOfTenant } from "../customers/of-customer";
import { type RequestContext } from "../graphql/request-context";
import { many, one, oneBy, Planned } from "../read-planner/planned";
import { Contact, contactOrder } from "./contact.entity";
import { ContactInput, ContactPatch } from "./contact.input";
import { type ContactService } from "./contact.service";

@Resolver(() => Contact)
export class ContactResolver {
  constructor(private readonly contacts: ContactService) {}

  @Authorized("customers:read")
  @Planned(oneBy(Contact, ({ id }) => oneOfTenant(id as string)))
  @Query(() => Contact, {
    nullable: true,
    description:
      "A contact by its id. Null where there is none, or its customer is in the trash. Scope customers:read.",
  })
  async contact(
    @Arg("id", () => ID, { description: "The contact's id." }) id: string,
    @Ctx() { scope }: RequestContext,
  ): Promise<Contact | null> {
    return findOfTenant(scope, Contact, id);
  }

  @Authorized("customers:read")
  @Planned(ofItsCustomer)
  @FieldResolver(() => Customer, { description: "The customer that it belongs to. Scope customers:read." })
  async customer(@Root() contact: Contact, @Ctx() { loaders }: RequestContext): Promise<Customer | null> {
    return loaders.customerById.load(contact.customerId);
  }

  @Authorized("customers:write")
  @Mutation(() => Contact, {
    description:
      "Adds a contact to a customer; a primary one demotes the other. NOT_FOUND where there is no such customer. Scope customers:write.",
  })
  createContact(
    @Arg("customer", () => CustomerKey, { description: "Whose contact it is." }) customer: CustomerKey,
    @Arg("input", () => ContactInput, { description: "The contact." }) input: ContactInput,
    @Ctx() context: RequestContext,
  ): Promise<Contact> {
    return context.write((scope) => this.contacts.create(scope, customer, input));
  }

  @Authorized("customers:write")
  @Mutation(() => Contact, {
    description:
      "Changes a contact: what is left out stays, null clears; making it primary demotes the other. NOT_FOUND where there is none. Scope customers:write.",
  })
  updateContact(
    @Arg("id", () => ID, { description: "The contact's id." }) id: string,
    @Arg("input", () => ContactPatch, { description: "What to change." }) input: ContactPatch,
    @Ctx() context: RequestContext,
  ): Promise<Contact> {
    return context.write((scope) => this.contacts.update(scope, id, input));
  }

  @Authorized("customers:write")
  @Mutation(() => Customer, {
    description:
      "Deletes a contact, and answers with the customer it belonged to. NOT_FOUND where there is none; CONFLICT where it is the last one of a customer that needs one. Scope customers:write.",
  })
  deleteContact(
    @Arg("id", () => ID, { description: "The contact's id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Customer> {
    return context.write((scope) => this.contacts.delete(scope, id));
  }
}

/** What contacts add to customers. */
@Resolver(() => Customer)
export class CustomerContactsResolver {
  @Authorized("customers:read")
  @Planned(
    many(Contact, (contact, customer) => `${contact}.customer_id = ${customer}.id order by ${contactOrder(contact)}`),
  )
  @FieldResolver(() => [Contact], {
    description: "Primary contact first, then in the order created. Scope customers:read.",
  })
  async contacts(@Root() customer: Customer, @Ctx() { loaders }: RequestContext): Promise<readonly Contact[]> {
    return loaders.contactsByCustomerId.load(customer.id);
  }

  @Authorized("customers:read")
  @Planned(one(Contact, (contact, customer) => `${contact}.customer_id = ${customer}.id and ${contact}.is_primary`))
  @FieldResolver(() => Contact, {
    nullable: true,
    description: "The contact that is primary; null where none is. Scope customers:read.",
  })
  async primaryContact(@Root() customer: Customer, @Ctx() { loaders }: RequestContext): Promise<Contact | null> {
    const contacts = await loaders.contactsByCustomerId.load(customer.id);
    return contacts.find(({ isPrimary }) => isPrimary) ?? null;
  }
}
