import { compareTimes, daysAfter, endOfTerm } from "./calendar";
import { type Weighted } from "./random";
import { type ContractSeed, type ContractStatus, type InvoiceSeed, type InvoiceStatus } from "./seeds";
import { type Setting } from "./setting";

const contractStates: readonly Weighted<ContractStatus>[] = [
  ["ACTIVE", 55],
  ["EXPIRED", 22],
  ["DRAFT", 13],
  ["TERMINATED", 10],
];
const pastContractStates = contractStates.filter(([state]) => state === "EXPIRED" || state === "TERMINATED");

const invoiceStates: readonly Weighted<InvoiceStatus>[] = [
  ["PAID", 62],
  ["PENDING", 20],
  ["DRAFT", 10],
  ["VOID", 8],
];
const pastInvoiceStates = invoiceStates.filter(([state]) => state === "PAID" || state === "VOID");

/** The customer's contracts, the oldest first: a prospect's are drafts, and those of a former customer are over. */
export function makeContracts(setting: Setting): ContractSeed[] {
  const { random, status, kind } = setting;
  if (status === "lead") return [];
  const count = kind === "COMPANY" ? random.pick([0, 0, 1, 1, 1, 2, 2, 3]) : random.pick([0, 0, 0, 1]);
  return random.times(count, () => makeContract(setting)).sort((a, b) => compareTimes(a.startsOn, b.startsOn));
}

function makeContract(setting: Setting): ContractSeed {
  const { random, calendar, country, kind } = setting;
  const status = contractStatus(setting);
  const term = contractTerm(setting, status);
  const year = (term.startsOn ?? calendar.day(0)).slice(0, 4);
  return { title: `${random.pick(country.wording.contracts[kind])} ${year}`, status, ...term };
}

function contractStatus({ random, status }: Setting): ContractStatus {
  if (status === "prospect") return "DRAFT";
  return random.weighted(status === "former" ? pastContractStates : contractStates);
}

function contractTerm({ random, calendar }: Setting, status: ContractStatus): { startsOn?: string; endsOn?: string } {
  switch (status) {
    case "DRAFT": {
      const startsOn = calendar.day(random.int(7, 60));
      return random.chance(0.3) ? {} : { startsOn, endsOn: endOfTerm(startsOn, 1) };
    }
    case "ACTIVE": {
      const ageDays = random.int(10, 900);
      const startsOn = calendar.day(-ageDays);
      const years = Math.ceil((ageDays + 2) / 365); // one term, or as many as it was renewed
      return random.chance(0.25) ? { startsOn } : { startsOn, endsOn: endOfTerm(startsOn, years) };
    }
    case "EXPIRED": {
      const startsOn = calendar.day(-random.int(760, 2000));
      return { startsOn, endsOn: endOfTerm(startsOn, random.int(1, 2)) };
    }
    case "TERMINATED": {
      const startsOn = calendar.day(-random.int(420, 1400));
      return { startsOn, endsOn: daysAfter(startsOn, random.int(90, 400)) };
    }
  }
}

/** The customer's invoices, the oldest first, those not issued last. */
export function makeInvoices(setting: Setting): InvoiceSeed[] {
  const { random, status } = setting;
  if (status === "lead" || status === "prospect") return [];
  const count = random.weighted([
    [0, 22],
    [random.int(1, 3), 48],
    [random.int(4, 10), 30],
  ]);
  return random
    .times(status === "paused" ? Math.max(count, 1) : count, (index) =>
      makeInvoice(setting, invoiceStatus(setting, index)),
    )
    .sort((a, b) => compareTimes(a.issuedOn, b.issuedOn));
}

/** A paused customer's first invoice is the one it has not paid. */
function invoiceStatus({ random, status }: Setting, index: number): InvoiceStatus {
  if (status === "paused" && index === 0) return "PENDING";
  return random.weighted(status === "active" ? invoiceStates : pastInvoiceStates);
}

function makeInvoice(setting: Setting, status: InvoiceStatus): InvoiceSeed {
  const invoice = { status, ...setting.country.money(setting.random) };
  if (status === "DRAFT") return invoice;
  const issuedOn = setting.calendar.day(-setting.random.int(...invoiceAge(setting, status)));
  return { ...invoice, issuedOn, dueOn: daysAfter(issuedOn, setting.paymentTerms[1]) };
}

/** In days; what a paused customer owes is overdue. */
function invoiceAge(setting: Setting, status: InvoiceStatus): [least: number, most: number] {
  if (status !== "PENDING") return [30, 900];
  return setting.status === "paused" ? [90, 200] : [0, 50];
}
