import { type CustomerFieldSeed, type TermSeed } from "./seeds";

/** The offices that customers belong to. */
export const branches: readonly TermSeed[] = [
  { code: "HAN", name: "Hà Nội", description: "Northern Vietnam" },
  { code: "DAD", name: "Đà Nẵng", description: "Central Vietnam" },
  { code: "SGN", name: "TP. Hồ Chí Minh", description: "Southern Vietnam" },
  { code: "LON", name: "London", description: "United Kingdom" },
  { code: "NYC", name: "New York", description: "Eastern United States" },
  { code: "DEN", name: "Denver", description: "Western United States" },
  { code: "BER", name: "Berlin", description: "Northern and eastern Germany" },
  { code: "MUC", name: "München", description: "Southern and western Germany" },
  { code: "AMS", name: "Amsterdam", description: "The Netherlands" },
];

export const statuses: readonly TermSeed[] = [
  { code: "lead", name: "Lead", description: "Has asked, has not had an offer" },
  { code: "prospect", name: "Prospect", description: "Has an offer" },
  { code: "active", name: "Active" },
  { code: "paused", name: "Paused", description: "No new work until open invoices are paid" },
  { code: "former", name: "Former", description: "No business any more" },
];

export const types: readonly TermSeed[] = [
  { code: "household", name: "Household" },
  { code: "self-employed", name: "Self-employed", description: "A person who is invoiced as a business" },
  { code: "small-business", name: "Small business", description: "Fewer than 50 employees" },
  { code: "enterprise", name: "Enterprise", description: "50 employees and more" },
];

export const groups: readonly TermSeed[] = [
  { code: "standard", name: "Standard" },
  { code: "service-plan", name: "Service plan", description: "Regular visits at a fixed price" },
  { code: "key-account", name: "Key account", description: "Has a named account manager" },
  { code: "partner", name: "Partner", description: "Also sends us customers" },
];

/** What companies do; the options of the custom field `industry`. */
export const industries = [
  "Construction",
  "Healthcare",
  "Hospitality",
  "Logistics",
  "Manufacturing",
  "Professional services",
  "Property management",
  "Retail",
] as const;
export type Industry = (typeof industries)[number];

/** The options of the custom field `preferred_channels`. */
export const channels = ["E-mail", "Phone", "SMS", "WhatsApp", "Zalo", "Post"] as const;
export type Channel = (typeof channels)[number];

/** One custom field of each type, and a second number (with decimals). */
export const fields: readonly CustomerFieldSeed[] = [
  { code: "industry", name: "Industry", type: "SELECT", options: [...industries], required: false },
  { code: "employees", name: "Employees", type: "NUMBER", required: false, description: "Companies only" },
  { code: "customer_since", name: "Customer since", type: "DATE", required: false },
  {
    code: "preferred_channels",
    name: "Preferred channels",
    type: "MULTI_SELECT",
    options: [...channels],
    required: false,
    description: "How the customer wants to hear from us",
  },
  { code: "newsletter", name: "Newsletter", type: "BOOLEAN", required: false, description: "Has agreed to get it" },
  { code: "access_notes", name: "Access notes", type: "TEXT", required: false, description: "For the technician" },
  {
    code: "satisfaction",
    name: "Satisfaction",
    type: "NUMBER",
    required: false,
    description: "Average of the last survey, 0 to 10",
  },
];

/** What customers get tagged with. */
export const tags = [
  "24-7",
  "trade-fair",
  "large-site",
  "loyal",
  "mornings-only",
  "multi-site",
  "quarterly-visit",
  "referral",
  "spare-key",
  "under-warranty",
];
