import { getNamedType, isInputObjectType, isListType, getNullableType, type GraphQLInputObjectType } from "graphql";
import { aCustomer, aTaxonomy, FULL_INPUT, readCustomer, WHOLE_CUSTOMER } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored, tenantTables } from "../support/stored";

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway();
});
let surprises: number;
beforeEach(async () => {
  surprises = gateway.unexpected.length;
  tenant = await gateway.aTenant();
});
afterEach(() => expect(gateway.unexpected.slice(surprises)).toEqual([]));
afterAll(() => gateway.close());

const CREATE = `mutation ($input: CustomerInput!) { createCustomer(input: $input) { ${WHOLE_CUSTOMER} } }`;

/** Creates a customer and tells the answer, whatever it is. */
const attempt = (input: object, by: TestTenant = tenant): Promise<Answer<any>> => by.execute(CREATE, { input });

/** The problems for which an input is refused, each as its way in the input and its code. */
async function problemsOf(input: object, by: TestTenant = tenant): Promise<string[]> {
  const { data, errors } = await attempt(input, by);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ["createCustomer"], extensions: { code: "BAD_USER_INPUT" } }]);
  return (errors?.[0]?.extensions.problems ?? []).map(({ path: [root, ...path], code }) => {
    expect(root).toBe("input");
    return `${path.join(".")} ${code}`;
  });
}

const settings = (input: object): Promise<unknown> =>
  tenant.run(`mutation ($input: TenantSettingsPatch!) { updateSettings(input: $input) { codePrefix } }`, { input });

test("a customer with everything is stored and read back as it was given", async () => {
  await aTaxonomy(tenant);
  const created = await aCustomer(tenant, FULL_INPUT);
  const { bankAccounts, contacts, customFields, branch, status, type, group, ...own } = FULL_INPUT;
  expect(created).toMatchObject({
    ...own,
    code: "C-10001",
    previousCodes: [],
    phone: "+84912345678",
    branch: { code: branch },
    status: { code: status },
    type: { code: type },
    group: { code: group },
    contacts,
    primaryContact: { id: created.contacts[0].id },
    bankAccounts,
    customFields: customFields.map(({ field, value }) => ({ field: { code: field }, value })),
    deletedAt: null,
    version: 1,
  });
  expect(created.updatedAt).toBe(created.createdAt);
  expect(Math.abs(Date.parse(created.createdAt) - Date.now())).toBeLessThan(60_000);
  expect(created.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  expect(await readCustomer(tenant, { id: created.id })).toEqual(created);
});

test("a customer of nothing is one, called by its code", async () => {
  expect(await aCustomer(tenant, {})).toMatchObject({
    code: "C-10001",
    name: "C-10001",
    kind: "PERSONAL",
    phones: [],
    tags: [],
    address: null,
    contacts: [],
    bankAccounts: [],
    customFields: [],
    status: null,
  });
});

describe("codes", () => {
  const codes = async (...inputs: object[]): Promise<string[]> => {
    const assigned: string[] = [];
    for (const input of inputs) assigned.push((await aCustomer(tenant, input)).code);
    return assigned;
  };

  test("left out are assigned from C-10001 on, by tenant, past those that somebody has chosen, in whatever case", async () => {
    await codes({ code: "C-10002" }, { code: "c-10003" });
    expect(await codes({}, {}, {})).toEqual(["C-10001", "C-10004", "C-10005"]);
    expect((await aCustomer(await gateway.aTenant(), {})).code).toBe("C-10001");
  });

  test("of several that are tried out at once are as they would be, past those that are taken", async () => {
    await codes({ code: "C-10001" }, { code: "C-10003" });
    const upsert = `mutation ($validateOnly: Boolean!) { upsertCustomers(input: [{}, {}, {}], validateOnly: $validateOnly) { code } }`;
    const tried = await tenant.run(upsert, { validateOnly: true });
    expect(tried.upsertCustomers.map(({ code }: any) => code).sort()).toEqual(["C-10002", "C-10004", "C-10005"]);
    expect(await tenant.run(upsert, { validateOnly: false })).toEqual(tried);
  });

  test("are assigned with the tenant's prefix, which does not restart the count", async () => {
    await codes({});
    await settings({ codePrefix: "KH" });
    expect(await codes({}, { code: "kh10003" }, {}, {})).toEqual(["KH10002", "kh10003", "KH10004", "KH10005"]);
  });

  test("that a customer in the trash has are free", async () => {
    const { id } = await aCustomer(tenant, { code: "X" });
    await tenant.run(`mutation ($id: ID!) { deleteCustomer(by: { id: $id }) { id } }`, { id });
    expect(await codes({ code: "x" })).toEqual(["x"]);
    expect((await attempt({ code: "X" })).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  });

  test("that a customer gave up go to who takes them, also by assignment, and find it no longer", async () => {
    const [given, chosen] = [await aCustomer(tenant, { code: "C-10001" }), await aCustomer(tenant, { code: "MINE" })];
    for (const [from, to] of [
      ["C-10001", "GIVEN"],
      ["MINE", "CHOSEN"],
    ]) {
      await tenant.run(`mutation ($from: String!, $to: String!) { changeCustomerCode(from: $from, to: $to) { id } }`, {
        from,
        to,
      });
    }
    expect((await readCustomer(tenant, { code: "mine" })).id).toBe(chosen.id);
    const [assigned, taken] = [await aCustomer(tenant, {}), await aCustomer(tenant, { code: "mine" })];
    expect(assigned.code).toBe("C-10001");
    expect((await readCustomer(tenant, { code: "C-10001" })).id).toBe(assigned.id);
    expect((await readCustomer(tenant, { code: "MINE" })).id).toBe(taken.id);
    for (const { id } of [given, chosen]) expect((await readCustomer(tenant, { id })).previousCodes).toEqual([]);
  });

  test.each([
    ["Abc", "aBC"],
    ["Abc", " abc "],
    ["Ä-1", "ä-1"],
    ["\u00c4-1", "A\u0308-1"],
    ["ΣΟΦΟΣ", "σοφος"],
  ])("%j and %j are one: the second is a CONFLICT with the first", async (first, second) => {
    const { id } = await aCustomer(tenant, { code: first });
    const { data, errors } = await attempt({ code: second });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { path: ["createCustomer"], extensions: { code: "CONFLICT", existing: { id, code: first.normalize("NFC") } } },
    ]);
    expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 1 } });
  });

  test("that differ in an accent are two", async () => {
    expect(await codes({ code: "Ä-1" }, { code: "A-1" })).toEqual(["Ä-1", "A-1"]);
  });

  test("keep their spelling, trimmed, at most 64 characters of them, on one line", async () => {
    expect(await codes({ code: "\u00a0 Ab c \n" }, { code: "x".repeat(64) }, { code: "  " })).toEqual([
      "Ab c",
      "x".repeat(64),
      "C-10001",
    ]);
    expect(await problemsOf({ code: "x".repeat(65) })).toEqual(["code TOO_LONG"]);
    for (const code of ["a\nb", "a\tb", "a\u007fb", "a\u2028b", "a\u202eb", "a\u200fb"]) {
      expect([code, await problemsOf({ code })]).toEqual([code, ["code CONTROL_CHARACTERS"]]);
    }
  });

  test("of sixteen creates of one code at once, one wins, and the others are told which", async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => attempt({ code: "ONE", name: String(index) })),
    );
    const winners = answers.filter(({ errors }) => !errors);
    expect(winners).toHaveLength(1);
    const id = winners[0]?.data.createCustomer.id;
    for (const { errors } of answers.filter((answer) => answer !== winners[0])) {
      expect(errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id, code: "ONE" } } }]);
    }
    expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 1 } });
  });

  test("of many creates without one at once are all different, and none is left out", async () => {
    await codes({ code: "C-10004" });
    const answers = await Promise.all(Array.from({ length: 12 }, () => attempt({})));
    const assigned = answers.map(({ data }) => data.createCustomer.code as string).sort();
    expect(assigned).toEqual(
      Array.from({ length: 13 }, (_, index) => `C-${10_001 + index}`).filter((code) => code !== "C-10004"),
    );
  });

  test("that are only tried out are used up by nobody", async () => {
    const tryOut = `mutation { createCustomer(input: {}, validateOnly: true) { id code history { totalCount } } }`;
    await codes({ code: "C-10001" });
    const before = await digest(gateway.database);
    const { createCustomer } = await tenant.run(tryOut);
    expect(createCustomer).toMatchObject({ code: "C-10002", history: { totalCount: 1 } });
    expect(await tenant.run(tryOut)).toMatchObject({ createCustomer: { code: "C-10002" } });
    expect(await digest(gateway.database)).toEqual(before);
    expect(await codes({})).toEqual(["C-10002"]);
  });

  test("of several in one mutation are given one after another; one that fails takes all of them back", async () => {
    const both = `mutation { a: createCustomer(input: {}) { code } b: createCustomer(input: { name: "b" }) { code } }`;
    expect(await tenant.run(both)).toEqual({ a: { code: "C-10001" }, b: { code: "C-10002" } });
    const { data, errors } = await tenant.execute(
      `mutation { a: createCustomer(input: { code: "new" }) { code } b: createCustomer(input: { code: "c-10001" }) { code } }`,
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ["b"], extensions: { code: "CONFLICT" } }]);
    expect(await readCustomer(tenant, { code: "new" })).toBeNull();
  });
});

describe("name and kind", () => {
  const person = { firstName: "Ada", lastName: "Lovelace" };
  const reachable = { email: "Ada@Example.com", phones: ["+84 912 345 678"] };

  test.each([
    [{ name: "Given", company: "Acme", ...person, ...reachable }, "Given"],
    [{ company: "Acme", ...person, ...reachable }, "Acme"],
    [{ ...person, ...reachable }, "Ada Lovelace"],
    [{ firstName: "Ada", ...reachable }, "Ada"],
    [{ lastName: "Lovelace" }, "Lovelace"],
    [reachable, "Ada@Example.com"],
    [{ phones: reachable.phones }, "+84912345678"],
    [{ name: " ", company: "\t", firstName: "", email: "ada@example.com" }, "ada@example.com"],
    [{ code: "X" }, "X"],
  ])("%j is called %s", async (input, name) => {
    expect((await aCustomer(tenant, input)).name).toBe(name);
  });

  test.each([
    [{}, "PERSONAL"],
    [{ name: "Acme" }, "PERSONAL"],
    [{ company: "Acme" }, "COMPANY"],
    [{ company: "Acme", firstName: " " }, "COMPANY"],
    [{ company: "Acme", firstName: "Ada" }, "PERSONAL"],
    [{ company: "Acme", lastName: "Lovelace" }, "PERSONAL"],
    [{ company: "Acme", firstName: "Ada", kind: "COMPANY" }, "COMPANY"],
    [{ company: "Acme", kind: "PERSONAL" }, "PERSONAL"],
    [{ company: "Acme", kind: null }, "COMPANY"],
  ])("%j is %s", async (input, kind) => {
    expect((await aCustomer(tenant, input)).kind).toBe(kind);
  });
});

describe("phones", () => {
  const numbers = { phones: ["0912 345 678", "(091) 234-5678", "+84281234567", "+1 555 123 4567"] };
  const stored164 = ["+84912345678", "+84281234567", "+15551234567"];

  test("are stored in E.164, in the order given, each once", async () => {
    for (const phoneRegion of ["VN", "vn", "+84", "84"]) {
      const created = await aCustomer(tenant, {
        ...numbers,
        phoneRegion,
        fax: "028 1234 568",
        contacts: [{ name: "Bo", phone: "0912345679" }],
      });
      expect(created).toMatchObject({
        phones: stored164,
        phone: stored164[0],
        fax: "+84281234568",
        contacts: [{ phone: "+84912345679" }],
      });
    }
  });

  test("that are national are those of the tenant's default region, unless another is given", async () => {
    await settings({ defaultRegion: "VN" });
    expect((await aCustomer(tenant, numbers)).phones).toEqual(stored164);
    expect((await aCustomer(tenant, { phones: ["020 7946 0958"], phoneRegion: "GB" })).phones).toEqual([
      "+442079460958",
    ]);
  });

  test("that cannot be read are refused with their place: no region, no number, no such region", async () => {
    expect(
      await problemsOf({
        phones: ["+84912345678", "0912 345 678", "12"],
        fax: "x",
        contacts: [{ name: "Bo", phone: "0912" }],
      }),
    ).toEqual([
      "phones.1 INVALID_PHONE",
      "phones.2 INVALID_PHONE",
      "fax INVALID_PHONE",
      "contacts.0.phone INVALID_PHONE",
    ]);
    expect(await problemsOf({ phones: ["+84912345678"], phoneRegion: "Atlantis" })).toEqual([
      "phoneRegion INVALID_REGION",
    ]);
    expect(await problemsOf({ phones: Array(21).fill("+84912345678") })).toEqual(["phones TOO_MANY"]);
  });

  test("find their customer however they are written, and blank ones are none", async () => {
    const { id } = await aCustomer(tenant, { phones: ["", "+84912345678", " "] });
    expect((await readCustomer(tenant, { id })).phones).toEqual(["+84912345678"]);
    const { customers } = await tenant.run(`{ customers(filter: { phone: "+84 (0)912 345 678" }) { nodes { id } } }`);
    expect(customers.nodes).toEqual([{ id }]);
  });
});

describe("e-mail, web address and country", () => {
  test("an e-mail address stays as it was given, and is compared in lower case", async () => {
    for (const email of ["Ada.Lovelace+x@Example.COM", "đức@example.com", "a@b.co"]) {
      const { id, email: kept } = await aCustomer(tenant, { email: ` ${email} `, contacts: [{ name: "Bo", email }] });
      expect(kept).toBe(email);
      const { customers } = await tenant.run(
        `query ($eq: String!) { customers(filter: { email: { eq: $eq } }) { nodes { id } } }`,
        {
          eq: email.toUpperCase(),
        },
      );
      expect(customers.nodes).toEqual([{ id }]);
    }
  });

  test("what is no address is refused", async () => {
    for (const email of [
      "ada",
      "ada@",
      "@example.com",
      "a b@example.com",
      "ada@example",
      "a@b.c,d@e.f",
      `${"x".repeat(250)}@example.com`,
    ]) {
      expect([email, await problemsOf({ email, contacts: [{ name: "Bo", email }] })]).toEqual([
        email,
        expect.arrayContaining([expect.stringMatching(/^email /), expect.stringMatching(/^contacts\.0\.email /)]),
      ]);
    }
    for (const website of [
      "example.com",
      "ftp://example.com",
      "javascript:alert(1)",
      "http://",
      "https://exa mple.com",
    ]) {
      expect([website, await problemsOf({ website })]).toEqual([website, ["website INVALID_URL"]]);
    }
    expect(await aCustomer(tenant, { website: "http://localhost:8080/a?b#c" })).toMatchObject({
      website: "http://localhost:8080/a?b#c",
    });
  });

  test.each([
    ["vn", "VN"],
    ["Vietnam", "VN"],
    ["Việt Nam", "VN"],
    ["viet nam", "VN"],
    ["Deutschland", "DE"],
    ["The Netherlands", "NL"],
    ["UK", "GB"],
    ["日本", "JP"],
  ])("the country %j is %s", async (given, code) => {
    const created = await aCustomer(tenant, { address: { country: given }, billingAddress: { country: given } });
    expect(created).toMatchObject({ address: { country: code }, billingAddress: { country: code } });
    const { customers } = await tenant.run(
      `query ($code: CountryCode!) { customers(filter: { country: [$code] }) { totalCount } }`,
      { code },
    );
    expect(customers.totalCount).toBe(1);
  });

  test("a country that is none is refused, and an address without any part is no address", async () => {
    expect(await problemsOf({ address: { country: "Atlantis" }, billingAddress: { country: "EU" } })).toEqual([
      "address.country INVALID_COUNTRY",
      "billingAddress.country INVALID_COUNTRY",
    ]);
    expect(await aCustomer(tenant, { address: {}, billingAddress: { city: " ", country: null } })).toMatchObject({
      address: null,
      billingAddress: null,
    });
  });
});

describe("texts", () => {
  /** Every text of an input, wherever it is nested, with an input that holds it. */
  function textsOf(type: GraphQLInputObjectType, value: unknown): [string, Record<string, unknown>][] {
    return Object.values(type.getFields()).flatMap((field): [string, Record<string, unknown>][] => {
      const named = getNamedType(field.type);
      const isList = isListType(getNullableType(field.type));
      const index = isList ? ".0" : "";
      if (isInputObjectType(named)) {
        const beside: Record<string, object> = {
          ContactInput: { name: "x" },
          CustomFieldInput: { field: "note" },
          BankAccountInput: { accountNumber: "12345" },
        };
        return textsOf(named, value).map(([way, inner]) => {
          const whole = { ...beside[named.name], ...inner };
          return [`${field.name}${index}.${way}`, { [field.name]: isList ? [whole] : whole }];
        });
      }
      return ["String", "ID"].includes(named.name)
        ? [[`${field.name}${index}`, { [field.name]: isList ? [value] : value }]]
        : [];
    });
  }
  const inputType = (): GraphQLInputObjectType => gateway.app.schema.getType("CustomerInput") as GraphQLInputObjectType;

  test("with NUL or half of a surrogate pair are refused with their place, wherever they stand", async () => {
    await tenant.run(`mutation { createCustomerField(input: { code: "note", name: "Note" }) { id } }`);
    for (const bad of ["a\0b", "\ud800", "x\udc00y"]) {
      const texts = textsOf(inputType(), bad);
      expect(texts.length).toBeGreaterThan(40);
      for (const [way, input] of texts) expect(await problemsOf(input)).toContain(`${way} INVALID_TEXT`);
      const { errors } = await attempt({ customFields: [{ field: "note", value: bad }] });
      expect(errors?.[0]?.extensions.problems).toMatchObject([{ path: ["input", "customFields", 0, "value"] }]);
    }
    expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 0 } });
  });

  test("come back as they were sent, in NFC and trimmed, every sign of them", async () => {
    const text = "\ufeff\u00a0 e\u0301 ﷺ 𐍈 👨‍👩‍👧 a\u200bb \u0085";
    const kept = "é ﷺ 𐍈 👨‍👩‍👧 a\u200bb";
    const created = await aCustomer(tenant, {
      notes: `${text}\n\n${text}`,
      paymentTerms: text,
      name: text,
      tags: [text],
    });
    expect(created).toMatchObject({ paymentTerms: kept, name: kept, tags: [kept] });
    expect(created.notes).toBe(`${kept} \u0085\n\n\ufeff\u00a0 ${kept}`);
    expect(await readCustomer(tenant, { id: created.id })).toEqual(created);
  });

  test("that are names have single spaces inside; others keep theirs", async () => {
    const spaced = " a \n\t b\u00a0\u00a0c ";
    const created = await aCustomer(tenant, {
      name: spaced,
      company: spaced,
      firstName: spaced,
      lastName: spaced,
      notes: spaced,
      taxId: " 1  2 ",
      contacts: [{ name: spaced, title: "a  b" }],
      bankAccounts: [{ bankName: spaced, accountHolderName: spaced, accountNumber: " 1  2 " }],
    });
    expect(created).toMatchObject({
      name: "a b c",
      company: "a b c",
      firstName: "a b c",
      lastName: "a b c",
      notes: spaced.trim(),
      taxId: "1  2",
      contacts: [{ name: "a b c", title: "a  b" }],
      bankAccounts: [{ bankName: "a b c", accountHolderName: "a b c", accountNumber: "1  2" }],
    });
  });

  test("that are blank are null, and in a list nothing", async () => {
    const blanks = Object.assign(
      {},
      ...textsOf(inputType(), " \u00a0 ")
        .filter(([way]) => !/contacts|bankAccounts|customFields/.test(way))
        .map(([, input]) => input),
    );
    const { code, name, kind, ...created } = await aCustomer(tenant, {
      ...blanks,
      contacts: [{ name: "Bo", title: " ", email: "", phone: "" }],
    });
    expect([code, name, kind]).toEqual(["C-10001", "C-10001", "PERSONAL"]);
    for (const field of [
      "company",
      "firstName",
      "lastName",
      "email",
      "phone",
      "fax",
      "website",
      "taxId",
      "paymentTerms",
      "notes",
      "status",
      "type",
      "group",
      "branch",
    ]) {
      expect([field, created[field]]).toEqual([field, null]);
    }
    expect(created).toMatchObject({
      phones: [],
      tags: [],
      address: null,
      billingAddress: null,
      contacts: [{ title: null, email: null, phone: null }],
    });
  });

  test.each([
    ["name", 300],
    ["company", 300],
    ["firstName", 150],
    ["lastName", 150],
    ["taxId", 64],
    ["paymentTerms", 200],
    ["notes", 10_000],
  ])("of %s have at most %i characters", async (field, max) => {
    // The longest that there is: each sign is eighteen when it is folded.
    for (const sign of ["x", "ﷺ"]) {
      const text = sign.repeat(max);
      const created = await aCustomer(tenant, { [field]: text });
      expect(created[field]).toBe(text);
      if (field === "name") {
        const cursor = (await tenant.run(`{ customers(last: 1, orderBy: [{ field: NAME }]) { edges { cursor } } }`))
          .customers.edges[0].cursor;
        const after = await tenant.run(
          `query ($c: String) { customers(after: $c, orderBy: [{ field: NAME }]) { totalCount } }`,
          { c: cursor },
        );
        expect(after.customers.totalCount).toBeGreaterThan(0);
      }
      expect(await problemsOf({ [field]: `${text}${sign}` })).toEqual([`${field} TOO_LONG`]);
    }
  });

  test("nested in lists have their limits, too, and so have the lists", async () => {
    const long = (count: number): string => "x".repeat(count);
    expect(
      await problemsOf({
        address: { city: long(301) },
        contacts: [{ name: long(301), title: long(201) }],
        bankAccounts: [
          { accountNumber: long(65), bankCode: long(65), bankName: long(201), accountHolderName: long(301) },
        ],
      }),
    ).toEqual([
      "address.city TOO_LONG",
      "contacts.0.name TOO_LONG",
      "contacts.0.title TOO_LONG",
      "bankAccounts.0.bankCode TOO_LONG",
      "bankAccounts.0.bankName TOO_LONG",
      "bankAccounts.0.accountHolderName TOO_LONG",
      "bankAccounts.0.accountNumber TOO_LONG",
    ]);
    expect(
      await problemsOf({
        tags: Array.from({ length: 51 }, (_, index) => `t${index}`),
        contacts: Array(101).fill({ name: "x" }),
        bankAccounts: Array(101).fill({ accountNumber: "12345" }),
      }),
    ).toEqual(["tags TOO_MANY", "contacts TOO_MANY", "bankAccounts TOO_MANY"]);
  });

  test("given as tags are kept once without regard to case, in the first spelling", async () => {
    const { id, tags } = await aCustomer(tenant, { tags: ["VIP", " vip ", "new", "", "Vip", "NEW", "đỏ"] });
    expect(tags).toEqual(["VIP", "new", "đỏ"]);
    const { customers } = await tenant.run(`{ customers(filter: { tag: ["vIp"] }) { nodes { id } } }`);
    expect(customers.nodes).toEqual([{ id }]);
    expect(await problemsOf({ tags: ["ok", "x".repeat(65)] })).toEqual([expect.stringMatching(/^tags.* TOO_LONG$/)]);
  });
});

describe("contacts", () => {
  test("are listed primary one first, then as given; at most one is primary", async () => {
    const created = await aCustomer(tenant, {
      contacts: [{ name: "a" }, { name: "b", isPrimary: true }, { name: "c" }],
    });
    expect(created.contacts).toMatchObject([
      { name: "b", isPrimary: true },
      { name: "a" },
      { name: "c", isPrimary: false },
    ]);
    expect(created.primaryContact).toEqual({ id: created.contacts[0].id });
    expect((await aCustomer(tenant, { contacts: [{ name: "a" }] })).primaryContact).toBeNull();
    expect(
      await problemsOf({ contacts: [{ name: "a", isPrimary: true }, { name: "b" }, { name: "c", isPrimary: true }] }),
    ).toEqual(["contacts.2.isPrimary SECOND_PRIMARY"]);
  });

  test("of one who is new have a name and no id", async () => {
    expect(
      await problemsOf({ contacts: [{ name: " " }, { name: "x", id: "01890a5d-ac96-774b-bcce-b302099a8057" }] }),
    ).toEqual(["contacts.0.name REQUIRED", "contacts.1.id UNKNOWN_REFERENCE"]);
  });
});

describe("bank accounts", () => {
  test.each([
    ["970400123456", "********3456"],
    ["12345", "*2345"],
    ["1234", "****"],
    ["1", "*"],
    ["NL91 ABNA 0417 1643 00", "******************3 00"],
    ["𐍈𐍈𐍈𐍈𐍈", "*𐍈𐍈𐍈𐍈"],
  ])("%s is masked as %s, and revealed as it was given", async (accountNumber, maskedAccountNumber) => {
    const { bankAccounts } = await aCustomer(tenant, { bankAccounts: [{ accountNumber }] });
    expect(bankAccounts).toMatchObject([{ accountNumber, maskedAccountNumber }]);
  });

  test("have a number", async () => {
    expect(
      await problemsOf({ bankAccounts: [{ bankName: "x" }, { accountNumber: " " }, { accountNumber: null }] }),
    ).toEqual([
      "bankAccounts.0.accountNumber REQUIRED",
      "bankAccounts.1.accountNumber REQUIRED",
      "bankAccounts.2.accountNumber REQUIRED",
    ]);
  });

  test("hold their numbers as ciphertext, another one each time, and no table holds it plain", async () => {
    const accountNumber = "97040012345678";
    await aCustomer(tenant, { bankAccounts: [{ accountNumber }, { accountNumber }], name: "Ada" });
    await tenant.run(
      `mutation ($accountNumber: String!) {
      createBankAccount(customer: { code: "C-10001" }, input: { accountNumber: $accountNumber }) { id } }`,
      { accountNumber },
    );
    const hex = Buffer.from(accountNumber).toString("hex");
    let looked = 0;
    for (const table of await tenantTables(gateway.database)) {
      const rows = await stored<{ row: string }>(
        gateway.database,
        `select t::text as row from ${table} t where t.tenant_id = $1`,
        [tenant.id],
      );
      for (const { row } of rows) {
        expect([table, row.includes(accountNumber), row.includes(hex)]).toEqual([table, false, false]);
        looked += 1;
      }
    }
    expect(looked).toBeGreaterThan(5);
    const sealed = await stored<{ ciphertext: Buffer }>(
      gateway.database,
      "select account_number_ciphertext as ciphertext from bank_accounts where tenant_id = $1",
      [tenant.id],
    );
    expect(new Set(sealed.map(({ ciphertext }) => ciphertext.toString("hex"))).size).toBe(3);
  });

  test("keep their order", async () => {
    const bankAccounts = ["c", "a", "b"].map((bankName) => ({ bankName, accountNumber: "12345" }));
    expect((await aCustomer(tenant, { bankAccounts })).bankAccounts).toMatchObject(bankAccounts);
  });
});

describe("custom fields", () => {
  beforeEach(() => aTaxonomy(tenant));
  const valuesOf = ({ customFields }: any): Record<string, unknown> =>
    Object.fromEntries(customFields.map(({ field, value }: any) => [field.code, value]));

  test.each([
    ["industry", " Steel ", "Steel"],
    ["industry", "x".repeat(4000), "x".repeat(4000)],
    ["employees", 0, 0],
    ["employees", -1.5e300, -1.5e300],
    ["vip", false, false],
    ["since", "2020-02-29", "2020-02-29"],
    ["size", "M", "M"],
    ["colours", ["blue", "red"], ["blue", "red"]],
  ])("%s takes %j", async (field, value, kept) => {
    const created = await aCustomer(tenant, { customFields: [{ field: field.toUpperCase(), value }] });
    expect(valuesOf(created)).toEqual({ [field]: kept });
    const { customer } = await tenant.run(
      `query ($id: ID!, $code: String!) { customer(by: { id: $id }) { customField(code: $code) } }`,
      {
        id: created.id,
        code: field,
      },
    );
    expect(customer).toEqual({ customField: kept });
  });

  test.each([
    ["industry", 1],
    ["industry", true],
    ["industry", ["x"]],
    ["industry", "x".repeat(4001)],
    ["employees", "1"],
    ["vip", "true"],
    ["vip", 1],
    ["since", "2021-02-29"],
    ["since", "1.1.2020"],
    ["size", "XL"],
    ["size", "m"],
    ["size", ["M"]],
    ["colours", "red"],
    ["colours", ["red", "red"]],
    ["colours", ["red", "pink"]],
    ["colours", [["red"]]],
    ["industry", { a: 1 }],
  ])("%s does not take %j", async (field, value) => {
    expect(
      await problemsOf({
        customFields: [{ field: "employees" }, { field, value }].slice(field === "employees" ? 1 : 0),
      }),
    ).toEqual([`customFields.${field === "employees" ? 0 : 1}.value WRONG_FIELD_VALUE`]);
  });

  test("that are null, blank or an empty choice have no value", async () => {
    const created = await aCustomer(tenant, {
      customFields: [
        { field: "industry", value: " " },
        { field: "employees", value: null },
        { field: "vip" },
        { field: "colours", value: [] },
      ],
    });
    expect(valuesOf(created)).toEqual({});
    const { customers } = await tenant.run(
      `{ customers(filter: { customFields: [{ field: "colours", isSet: false }] }) { totalCount } }`,
    );
    expect(customers.totalCount).toBe(1);
  });

  test("that are unknown or given twice are refused, the unknown with what is nearest", async () => {
    const { errors } = await attempt({
      customFields: [
        { field: "employes", value: 1 },
        { field: "VIP", value: true },
        { field: "vip", value: true },
      ],
    });
    expect(errors?.[0]?.extensions.problems).toEqual([
      {
        path: ["input", "customFields", 0, "field"],
        code: "UNKNOWN_FIELD",
        message: expect.stringContaining(`Nearest: "employees"`),
      },
      { path: ["input", "customFields", 2, "field"], code: "DUPLICATE", message: "The field is given twice." },
    ]);
  });

  test("that are required are asked for, and an empty choice is none", async () => {
    await tenant.run(`mutation {
      updateCustomerField(code: "colours", input: { required: true }) { id }
      size: updateCustomerField(code: "size", input: { required: true }) { id }
    }`);
    expect(await problemsOf({ customFields: [{ field: "size", value: "S" }] })).toEqual(["customFields REQUIRED"]);
    const none = [
      { field: "colours", value: [] },
      { field: "size", value: "" },
    ];
    expect((await problemsOf({ customFields: none })).sort()).toEqual([
      "customFields.0.value REQUIRED",
      "customFields.1.value REQUIRED",
    ]);
    const customFields = [
      { field: "colours", value: ["red"] },
      { field: "size", value: "S" },
    ];
    expect(valuesOf(await aCustomer(tenant, { customFields }))).toEqual({ colours: ["red"], size: "S" });
  });
});

describe("what the tenant asks for", () => {
  const CODES: Record<string, string> = { TAX_ID: "taxId" };
  const REQUIRABLE = ["CODE", "NAME", "EMAIL", "PHONES", "TAX_ID", "ADDRESS", "STATUS", "TYPE", "GROUP", "BRANCH"];

  test("each part that is required is a problem where it is missing, all of them at once, and none where it is there", async () => {
    await aTaxonomy(tenant);
    await settings({ requiredFields: REQUIRABLE });
    const blank = { code: " ", name: "", email: " ", phones: [" "], address: { city: "" }, company: "Acme" };
    for (const input of [{}, blank]) {
      expect((await problemsOf(input)).sort()).toEqual(
        REQUIRABLE.map((part) => `${CODES[part] ?? part.toLowerCase()} REQUIRED`).sort(),
      );
    }
    const created = await aCustomer(tenant, { ...FULL_INPUT, code: "X" });
    expect(created.code).toBe("X");
  });

  test("a status that is left out is the tenant's default, which also meets what is required", async () => {
    await aTaxonomy(tenant);
    await settings({ requiredFields: ["STATUS"] });
    expect(await problemsOf({})).toEqual(["status REQUIRED"]);
    await settings({ defaultStatus: "lead" });
    expect((await aCustomer(tenant, {})).status).toEqual({ code: "LEAD" });
    expect((await aCustomer(tenant, { status: "active" })).status).toEqual({ code: "ACTIVE" });
  });

  test("a company needs a contact where the tenant says so", async () => {
    await settings({ companyNeedsContact: true });
    expect(await problemsOf({ company: "Acme" })).toEqual(["contacts CONTACT_REQUIRED"]);
    await aCustomer(tenant, { company: "Acme", contacts: [{ name: "Bo" }] });
    await aCustomer(tenant, { firstName: "Ada" });
  });

  test("codes of terms are found without regard to case; unknown ones are refused with the nearest", async () => {
    await aTaxonomy(tenant);
    expect(await aCustomer(tenant, { status: " lead ", type: "Retail", group: "key", branch: "hn" })).toMatchObject({
      status: { code: "LEAD" },
      type: { code: "RETAIL" },
      group: { code: "KEY" },
      branch: { code: "HN" },
    });
    const { errors } = await attempt({ status: "ACTIV", type: "LEAD", group: "x", branch: "hanoi" });
    expect(errors?.[0]?.extensions.problems).toEqual([
      {
        path: ["input", "status"],
        code: "UNKNOWN_CODE",
        message: `There is no customer status with this code. Nearest: "ACTIVE", "LEAD".`,
      },
      {
        path: ["input", "type"],
        code: "UNKNOWN_CODE",
        message: `There is no customer type with this code. Nearest: "RETAIL".`,
      },
      {
        path: ["input", "group"],
        code: "UNKNOWN_CODE",
        message: `There is no customer group with this code. Nearest: "KEY".`,
      },
      { path: ["input", "branch"], code: "UNKNOWN_CODE", message: `There is no branch with this code. Nearest: "HN".` },
    ]);
  });
});

test("a customer with fifty of each nested thing takes as many statements as one with two", async () => {
  await aTaxonomy(tenant);
  const inputOf = (count: number): object => ({
    ...FULL_INPUT,
    contacts: Array.from({ length: count }, (_, index) => ({ name: `c${index}` })),
    bankAccounts: Array.from({ length: count }, (_, index) => ({ accountNumber: `1234567${index}` })),
    tags: Array.from({ length: count }, (_, index) => `t${index}`),
    phones: Array.from({ length: Math.min(count, 20) }, (_, index) => `+8491234567${index % 10}`),
  });
  const [two, fifty] = [await attempt(inputOf(2)), await attempt(inputOf(50))];
  expect(fifty.data.createCustomer.contacts).toHaveLength(50);
  expect(fifty.statements.length).toBe(two.statements.length);
});

test("an input that is refused leaves nothing behind", async () => {
  const before = await digest(gateway.database);
  await problemsOf({ code: "X", contacts: [{ name: "a" }], bankAccounts: [{}], tags: ["x"] });
  expect(await digest(gateway.database)).toEqual(before);
});
