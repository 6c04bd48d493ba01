import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const CONTACT = "id name title email phone isPrimary createdAt updatedAt customer { id version }";
const create = (tenant: TestTenant, customer: object, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($customer: CustomerKey!, $input: ContactInput!) { contact: createContact(customer: $customer, input: $input) { ${CONTACT} } }`,
    { customer, input },
  );
const update = (tenant: TestTenant, id: string, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($id: ID!, $input: ContactPatch!) { contact: updateContact(id: $id, input: $input) { ${CONTACT} } }`,
    { id, input },
  );
const remove = (tenant: TestTenant, id: string): Promise<Answer<any>> =>
  tenant.execute("mutation($id: ID!) { customer: deleteContact(id: $id) { id version contacts { id } } }", { id });

test("adds a contact, which is a change of the customer", async () => {
  const tenant = await gateway.aTenant();
  const { id, code } = await aCustomer(tenant);
  await tenant.run(`mutation { updateSettings(input: { defaultRegion: "VN" }) { defaultRegion } }`);
  const input = { name: "  Bo   Li ", title: "", email: "Bo@Example.com", phone: "0912 345 678" };
  const { data } = await create(tenant, { code }, input);
  expect(data.contact).toEqual({
    id: expect.any(String),
    name: "Bo Li",
    title: null,
    email: "Bo@Example.com",
    phone: "+84912345678",
    isPrimary: false,
    createdAt: data.contact.updatedAt,
    updatedAt: expect.any(String),
    customer: { id, version: 2 },
  });
  const { contact } = await tenant.run(`query($id: ID!) { contact(id: $id) { ${CONTACT} } }`, { id: data.contact.id });
  expect(contact).toEqual(data.contact);
});

test("making one primary demotes the other, when it is added as when it is changed", async () => {
  const tenant = await gateway.aTenant();
  const { id, contacts } = await aCustomer(tenant, { contacts: [{ name: "Bo", isPrimary: true }, { name: "Cy" }] });
  const primaries = async (): Promise<unknown> =>
    (await readCustomer(tenant, { id })).contacts.map(({ name, isPrimary }: any) => [name, isPrimary]);

  const added = await create(tenant, { id }, { name: "Di", isPrimary: true });
  expect(added.data.contact).toMatchObject({ isPrimary: true, customer: { version: 2 } });
  expect(await primaries()).toEqual([
    ["Di", true],
    ["Bo", false],
    ["Cy", false],
  ]);
  const promoted = await update(tenant, contacts[1].id, { isPrimary: true });
  expect(promoted.data.contact).toMatchObject({ isPrimary: true, customer: { version: 3 } });
  expect(await primaries()).toEqual([
    ["Cy", true],
    ["Bo", false],
    ["Di", false],
  ]);
  await update(tenant, contacts[1].id, { isPrimary: false });
  expect(await readCustomer(tenant, { id })).toMatchObject({ primaryContact: null, version: 4 });
});

test("changes what is given: what is left out stays, null clears, and what says the same is no change", async () => {
  const tenant = await gateway.aTenant();
  const { id, contacts } = await aCustomer(tenant, {
    contacts: [{ name: "Bo", title: "CEO", email: "bo@example.com", phone: "+84912345678", isPrimary: true }],
  });
  const [bo] = contacts;
  const changed = await update(tenant, bo.id, { title: null, email: " ", phone: "+84 987 654 321" });
  expect(changed.data.contact).toMatchObject({
    name: "Bo",
    title: null,
    email: null,
    phone: "+84987654321",
    isPrimary: true,
  });
  const before = await digest(gateway.database);
  for (const patch of [{}, { name: " Bo ", phone: "+84987654321", isPrimary: true, title: "" }]) {
    const same = await update(tenant, bo.id, patch);
    expect(same.data.contact).toEqual({ ...changed.data.contact, customer: { id, version: 2 } });
  }
  expect(await digest(gateway.database)).toEqual(before);
});

test("names every problem at once, and changes nothing", async () => {
  const tenant = await gateway.aTenant();
  const { id, contacts } = await aCustomer(tenant, { contacts: [{ name: "Bo" }] });
  const before = await digest(gateway.database);
  const paths = ({ errors }: Answer<any>): unknown =>
    errors?.[0]?.extensions.problems?.map(({ path }) => path.join("."));
  const bad = { name: " ", title: "t".repeat(201), email: "bo", phone: "12" };
  expect(paths(await create(tenant, { id }, { ...bad, id: contacts[0].id }))).toEqual([
    "input.name",
    "input.title",
    "input.email",
    "input.id",
    "input.phone",
  ]);
  expect(paths(await update(tenant, contacts[0].id, { ...bad, isPrimary: null }))).toEqual([
    "input.name",
    "input.title",
    "input.email",
    "input.isPrimary",
    "input.phone",
  ]);
  expect(paths(await update(tenant, contacts[0].id, { name: null }))).toEqual(["input.name"]);
  expect(await digest(gateway.database)).toEqual(before);
});

test("removes a contact and answers with its customer, but not the last one of a company that needs one", async () => {
  const tenant = await gateway.aTenant();
  const person = await aCustomer(tenant, { firstName: "Ada", contacts: [{ name: "Bo" }] });
  const company = await aCustomer(tenant, {
    company: "Acme",
    contacts: [{ name: "Cy", isPrimary: true }, { name: "Di" }],
  });
  await tenant.run("mutation { updateSettings(input: { companyNeedsContact: true }) { companyNeedsContact } }");
  const [cy, di] = company.contacts;

  const removed = await remove(tenant, cy.id);
  expect(removed.data.customer).toEqual({ id: company.id, version: 2, contacts: [{ id: di.id }] });
  expect((await remove(tenant, di.id)).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  expect(await readCustomer(tenant, { id: company.id })).toMatchObject({ version: 2, contacts: [{ id: di.id }] });
  expect((await remove(tenant, person.contacts[0].id)).data.customer.contacts).toEqual([]);
  expect((await remove(tenant, cy.id)).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
});

test("another tenant's contact, and one that never was, are equally unknown", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  const foreign = await aCustomer(other, { code: "FOREIGN", contacts: [{ name: "Bo" }] });
  const before = await digest(gateway.database);
  for (const id of [foreign.contacts[0].id, "0197c3a0-0000-7000-8000-000000000000", "x", foreign.id]) {
    for (const answer of [await update(tenant, id, { name: "n" }), await remove(tenant, id)]) {
      expect(answer.errors).toMatchObject([{ message: "Contact not found.", extensions: { code: "NOT_FOUND" } }]);
    }
    expect(await tenant.run("query($id: ID!) { contact(id: $id) { id } }", { id })).toEqual({ contact: null });
  }
  for (const key of [{ id: foreign.id }, { code: "FOREIGN" }]) {
    expect((await create(tenant, key, { name: "n" })).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  }
  expect(await digest(gateway.database)).toEqual(before);
});

test("needs the scope customers:write", async () => {
  const tenant = await gateway.aTenant();
  const { id, contacts } = await aCustomer(tenant, { contacts: [{ name: "Bo" }] });
  const reader = await tenant.withScopes("customers:read", "work:write", "taxonomy:write", "settings:write");
  const [contact] = contacts;
  for (const answer of [
    await create(reader, { id }, { name: "n" }),
    await update(reader, contact.id, { name: "n" }),
    await remove(reader, contact.id),
  ]) {
    expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  }
  expect(await readCustomer(tenant, { id })).toMatchObject({ version: 1 });
});
