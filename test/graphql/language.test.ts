import { languageOf } from "../../src/graphql/language";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

async function ask(tenant: TestTenant, language: string, query: string): Promise<any> {
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: {
      authorization: `Bearer ${tenant.token}`,
      "content-type": "application/json",
      "accept-language": language,
    },
    payload: JSON.stringify({ query }),
  });
  return response.json();
}

test("takes the language that is preferred of those there are, English otherwise", () => {
  expect(languageOf(undefined)).toBe("en");
  expect(languageOf("vi-VN,vi;q=0.9,en;q=0.8")).toBe("vi");
  expect(languageOf("de, fr;q=0.5")).toBe("en");
  expect(languageOf("en;q=0.3, vi;q=0.7")).toBe("vi");
  expect(languageOf(";;;")).toBe("en");
});

test("tells problems in Vietnamese, with the same codes and paths", async () => {
  const tenant = await gateway.aTenant();
  const query = `mutation { createCustomer(input: { email: "nix", status: "aktiv", contacts: [{ name: " " }] }) { id } }`;
  const [english] = (await ask(tenant, "en", query)).errors;
  const [vietnamese] = (await ask(tenant, "vi", query)).errors;
  const codes = (error: any): unknown => error.extensions.problems.map(({ path, code }: any) => ({ path, code }));
  expect(codes(vietnamese)).toEqual(codes(english));
  expect(english.extensions.problems).toHaveLength(3);
  expect(vietnamese.message).toBe("Dữ liệu gửi lên có 3 lỗi.");
  expect(vietnamese.extensions.problems[0].message).toBe("Phải là địa chỉ e-mail, ví dụ ten@example.com.");
  for (const [index, { message }] of english.extensions.problems.entries()) {
    expect(vietnamese.extensions.problems[index].message).not.toBe(message);
  }
});

test("tells what blocks a deletion in the language asked for, in the answer and in the refusal", async () => {
  const tenant = await gateway.aTenant();
  const { createCustomer } = await tenant.run(`mutation { createCustomer(input: { name: "Ada" }) { id } }`);
  const by = `{ id: "${createCustomer.id}" }`;
  await tenant.run(`mutation { createWorkOrder(customer: ${by}, input: { title: "Fix" }) { id } }`);
  const answer = await ask(tenant, "vi", `{ customer(by: ${by}) { deletion { blockers { kind count ids remedy } } } }`);
  const refusal = await ask(tenant, "vi", `mutation { deleteCustomer(by: ${by}) { id } }`);
  expect(refusal.errors[0].extensions.blockers).toEqual(answer.data.customer.deletion.blockers);
  expect(refusal.errors[0].extensions.blockers[0].remedy).toBe(
    "Hãy hoàn thành hoặc hủy các phiếu công việc này trước.",
  );
});
