import { aCustomer, aTaxonomy } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const SETTINGS = "defaultRegion codePrefix defaultStatus companyNeedsContact requiredFields";
const AT_FIRST = {
  defaultRegion: null,
  codePrefix: "C-",
  defaultStatus: null,
  companyNeedsContact: false,
  requiredFields: [],
};

const update = (tenant: TestTenant, input: object): Promise<Answer<any>> =>
  tenant.execute(`mutation($input: TenantSettingsPatch!) { settings: updateSettings(input: $input) { ${SETTINGS} } }`, {
    input,
  });
const read = async (tenant: TestTenant): Promise<any> => (await tenant.run(`{ settings { ${SETTINGS} } }`)).settings;
const problemsOf = ({ errors }: Answer<any>): unknown =>
  errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code]);

test("has defaults; what is left out stays, null clears; other tenants keep theirs", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  await aTaxonomy(tenant);
  expect(await read(tenant)).toEqual(AT_FIRST);
  const all = {
    defaultRegion: "VN",
    codePrefix: "KH-",
    defaultStatus: "LEAD",
    companyNeedsContact: true,
    requiredFields: ["EMAIL", "NAME"],
  };
  expect(
    (
      await update(tenant, {
        ...all,
        defaultRegion: "vn",
        defaultStatus: " lead ",
        requiredFields: ["EMAIL", "NAME", "EMAIL"],
      })
    ).data,
  ).toEqual({ settings: all });
  expect((await update(tenant, {})).data).toEqual({ settings: all });
  const cleared = { defaultRegion: null, defaultStatus: null, requiredFields: [] };
  expect((await update(tenant, cleared)).data.settings).toEqual({ ...all, ...cleared });
  expect(await read(tenant)).toEqual({ ...all, ...cleared });
  expect(await read(other)).toEqual(AT_FIRST);
});

test("takes the region for numbers that are written without one", async () => {
  const tenant = await gateway.aTenant();
  await update(tenant, { defaultRegion: "VN" });
  const customer = await aCustomer(tenant, {
    phones: ["0912 345 678"],
    fax: "024 3825 1234",
    contacts: [{ name: "Bo", phone: "0912345679" }],
  });
  expect(customer).toMatchObject({
    phone: "+84912345678",
    fax: "+842438251234",
    contacts: [{ phone: "+84912345679" }],
  });
  await update(tenant, { defaultRegion: null });
  const refused = await tenant.execute(`mutation { createCustomer(input: { phones: ["0912 345 678"] }) { id } }`);
  expect(problemsOf(refused)).toEqual([["input.phones.0", "INVALID_PHONE"]]);
});

test("another prefix goes on counting, and skips codes that somebody has chosen", async () => {
  const tenant = await gateway.aTenant();
  const codes = [(await aCustomer(tenant)).code];
  await aCustomer(tenant, { code: "kh 10002" });
  await update(tenant, { codePrefix: "KH " });
  expect((await read(tenant)).codePrefix).toBe("KH");
  await update(tenant, { codePrefix: "KH10" });
  await aCustomer(tenant, { code: "kh1010002" });
  codes.push((await aCustomer(tenant)).code, (await aCustomer(tenant)).code);
  expect(codes).toEqual(["C-10001", "KH1010003", "KH1010004"]);
});

test("gives the default status to customers that are created without one, and to no others", async () => {
  const tenant = await gateway.aTenant();
  await aTaxonomy(tenant);
  const before = await aCustomer(tenant);
  await update(tenant, { defaultStatus: "LEAD" });
  expect(await aCustomer(tenant, { name: "Bo", status: null })).toMatchObject({ status: { code: "LEAD" } });
  expect(await aCustomer(tenant, { status: "active" })).toMatchObject({ status: { code: "ACTIVE" } });
  const { updateCustomer } = await tenant.run(
    'mutation($id: ID!) { updateCustomer(by: { id: $id }, input: { notes: "n" }) { status { code } } }',
    { id: before.id },
  );
  expect(updateCustomer.status).toBeNull();
});

test("asks of new customers what is required, and names all that is missing", async () => {
  const tenant = await gateway.aTenant();
  await update(tenant, {
    requiredFields: ["CODE", "NAME", "EMAIL", "PHONES", "TAX_ID", "ADDRESS", "STATUS", "TYPE", "GROUP", "BRANCH"],
    companyNeedsContact: true,
  });
  const refused = await tenant.execute(
    `mutation { createCustomer(input: { company: "Acme", address: { city: "" } }) { id } }`,
  );
  const missing = ["code", "name", "email", "phones", "taxId", "address", "status", "type", "group", "branch"];
  expect(problemsOf(refused)).toEqual([
    ...missing.map((name) => [`input.${name}`, "REQUIRED"]),
    ["input.contacts", "CONTACT_REQUIRED"],
  ]);
});

test("refuses what fits no setting, all of it at once", async () => {
  const tenant = await gateway.aTenant();
  await aTaxonomy(tenant);
  const before = await digest(gateway.database);
  expect(
    problemsOf(await update(tenant, { codePrefix: null, companyNeedsContact: null, requiredFields: null })),
  ).toEqual([
    ["input.codePrefix", "REQUIRED"],
    ["input.companyNeedsContact", "NULL_NOT_ALLOWED"],
    ["input.requiredFields", "NULL_NOT_ALLOWED"],
  ]);
  expect(problemsOf(await update(tenant, { codePrefix: "p".repeat(21) }))).toEqual([["input.codePrefix", "TOO_LONG"]]);
  expect(problemsOf(await update(tenant, { codePrefix: "a\nb" }))).toEqual([
    ["input.codePrefix", "CONTROL_CHARACTERS"],
  ]);
  const unknown = await update(tenant, { codePrefix: "X-", defaultStatus: "LAED" });
  expect(unknown.errors?.[0]?.extensions.problems).toMatchObject([
    { path: ["input", "defaultStatus"], code: "UNKNOWN_CODE", message: expect.stringContaining('"LEAD"') },
  ]);
  expect(problemsOf(await update(tenant, { defaultRegion: "XK" }))).toEqual([["input.defaultRegion", "INVALID_VALUE"]]);
  expect(await digest(gateway.database)).toEqual(before);
});

test("another tenant's status is as unknown as one that never was; settings:write is needed", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  await aTaxonomy(other);
  expect(problemsOf(await update(tenant, { defaultStatus: "LEAD" }))).toEqual([
    ["input.defaultStatus", "UNKNOWN_CODE"],
  ]);
  const writer = await tenant.withScopes("customers:read", "customers:write", "taxonomy:write", "work:write");
  expect((await update(writer, { codePrefix: "X-" })).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  expect(await read(tenant)).toEqual(AT_FIRST);
});
