import fc from "fast-check";
import { type PostalAddress } from "../../src/addresses/address";
import { formatAddress } from "../../src/addresses/format-address";

const NOTHING: PostalAddress = {
  ...{ country: null, state: null, city: null, district: null, ward: null },
  ...{ street: null, building: null, premise: null, subPremise: null, postalCode: null },
};

describe("formatAddress", () => {
  test.each<[string, Partial<PostalAddress>]>([
    ["", {}],
    ["Vietnam", { country: "VN" }],
    [
      "123 Main Street, New York, NY 10001, United States",
      { country: "US", premise: "123", street: "Main Street", city: "New York", state: "NY", postalCode: "10001" },
    ],
    [
      "123 Main Street, Apt 5, New York, NY 10001, United States",
      {
        country: "US",
        street: "123 Main Street",
        subPremise: "Apt 5",
        city: "New York",
        state: "NY",
        postalCode: "10001",
      },
    ],
    [
      "58 A Main Street, Springfield 12345, United States",
      {
        country: "US",
        premise: "58",
        subPremise: "A",
        street: "Main Street",
        city: "Springfield",
        postalCode: "12345",
      },
    ],
    [
      "58 Main Street, 12, Springfield, United States",
      { country: "US", premise: "58", subPremise: "12", street: "Main Street", city: "Springfield" },
    ],
    [
      "Suite 500, Empire State Building, 350 Fifth Avenue, New York, NY 10118, United States",
      {
        ...{ country: "US", subPremise: "Suite 500", building: "Empire State Building", premise: "350" },
        ...{ street: "Fifth Avenue", city: "New York", state: "NY", postalCode: "10118" },
      },
    ],
    [
      "1 Macquarie Street, Sydney NSW 2000, Australia",
      { country: "AU", premise: "1", street: "Macquarie Street", city: "Sydney", state: "NSW", postalCode: "2000" },
    ],
    [
      "111 Wellington Street, Ottawa, ON K1A 0A9, Canada",
      {
        country: "CA",
        premise: "111",
        street: "Wellington Street",
        city: "Ottawa",
        state: "ON",
        postalCode: "K1A 0A9",
      },
    ],
    [
      "10 Downing Street, London SW1A 2AA, United Kingdom",
      { country: "GB", premise: "10", street: "Downing Street", city: "London", postalCode: "SW1A 2AA" },
    ],
    [
      "123 Le Loi Street, Ben Thanh Ward, District 1, Ho Chi Minh 100000, Vietnam",
      {
        ...{ country: "VN", street: "123 Le Loi Street", ward: "Ben Thanh Ward", district: "District 1" },
        ...{ city: "Ho Chi Minh", postalCode: "100000" },
      },
    ],
    [
      "58 Trần Phú, Phường 4, Đà Lạt, Lâm Đồng, Vietnam",
      { country: "VN", premise: "58", street: "Trần Phú", ward: "Phường 4", city: "Đà Lạt", state: "Lâm Đồng" },
    ],
    [
      "Hauptstraße 5, 10115 Berlin, Germany",
      { country: "DE", premise: "5", street: "Hauptstraße", city: "Berlin", postalCode: "10115" },
    ],
    [
      "Keizersgracht 58 A, 1015 CS Amsterdam, Noord-Holland, Netherlands",
      {
        ...{ country: "NL", premise: "58", subPremise: "A", street: "Keizersgracht" },
        ...{ city: "Amsterdam", postalCode: "1015 CS", state: "Noord-Holland" },
      },
    ],
    [
      "10 bis Rue de Rivoli, 75001 Paris, France",
      { country: "FR", premise: "10", subPremise: "bis", street: "Rue de Rivoli", city: "Paris", postalCode: "75001" },
    ],
    [
      "Calle Mayor 1, 28013 Madrid, Spain",
      { country: "ES", premise: "1", street: "Calle Mayor", city: "Madrid", postalCode: "28013" },
    ],
    [
      "Avenida Paulista 1578, Bela Vista, São Paulo, SP 01310-200, Brazil",
      {
        ...{ country: "BR", premise: "1578", street: "Avenida Paulista", district: "Bela Vista" },
        ...{ city: "São Paulo", state: "SP", postalCode: "01310-200" },
      },
    ],
    [
      "100-8111 東京都 千代田区 千代田 1-1, Japan",
      { country: "JP", premise: "1-1", street: "千代田", city: "千代田区", state: "東京都", postalCode: "100-8111" },
    ],
    [
      "1-1 Chiyoda, Chiyoda-ku, Tokyo 100-8111, Japan",
      { country: "JP", premise: "1-1", street: "Chiyoda", city: "Chiyoda-ku", state: "Tokyo", postalCode: "100-8111" },
    ],
    ["5 Main Street, Springfield 123", { premise: "5", street: "Main Street", city: "Springfield", postalCode: "123" }],
    [
      "Hauptstraße, 10115 Berlin, Germany",
      { country: "DE", street: "Hauptstraße", state: "Berlin", postalCode: "10115" },
    ],
    ["10115, Germany", { country: "DE", postalCode: "10115" }],
    ["Main Street 10001, United States", { country: "US", city: "Main Street", postalCode: "10001" }],
    ["58, Apt 5", { premise: "58", subPremise: "Apt 5" }],
    ["Springfield, ZZ", { city: "Springfield", country: "ZZ" }],
  ])("%s", (line, parts) => expect(formatAddress({ ...NOTHING, ...parts })).toBe(line));

  test("puts lines on one line, and doubles no comma", () => {
    const address = {
      ...NOTHING,
      street: " 1 Main Street,\r\nRear entrance ,",
      city: ", Springfield",
      state: " ",
      ward: "",
    };
    expect(formatAddress(address)).toBe("1 Main Street, Rear entrance, Springfield");
  });

  test("leaves no gap, whatever is missing, and loses nothing", () => {
    const country = fc.option(fc.constantFrom("US", "AU", "GB", "VN", "DE", "FR", "JP", "BR", "ZZ"));
    const part = fc.option(fc.constantFrom("A", "Apt 5", "Main Street", "10001", "千代田", " , "));
    const names = Object.keys(NOTHING).filter((name) => name !== "country");
    const address = fc.record({ ...Object.fromEntries(names.map((name) => [name, part])), country });
    fc.assert(
      fc.property(address, (parts) => {
        const line = formatAddress({ ...NOTHING, ...parts });
        expect(line).not.toMatch(/^[\s,]|[\s,]$|,,|, ,| ,| {2}/);
        const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);
        const given = Object.entries(parts).flatMap(([name, text]) => (name === "country" ? [] : words(text ?? "")));
        expect(words(line)).toEqual(expect.arrayContaining(given));
        if (!parts.country) expect(words(line)).toHaveLength(given.length);
      }),
    );
  });
});
