import { list } from "./list";
import { type Wording } from "./wording";

/** English, with the words that Americans and Britons do not share. */
export function englishWith({ lift, goodsLift }: { lift: string; goodsLift: string }): Wording {
  return {
    channels: ["E-mail", "Phone", "SMS", "Post"],
    mailboxes: ["info", "hello", "office", "accounts"],
    paymentTerms: [
      ["Due on receipt", 0],
      ["Net 14", 14],
      ["Net 30", 30],
      ["Net 60", 60],
    ],
    jobTitles: list(`
      Managing Director; Head of Purchasing; Facilities Manager; Bookkeeper; Office Manager; Chief Engineer; Store Manager;
      IT Manager; Front Desk; Site Supervisor`),
    householdTitles: list("Family; Caretaker; Next door, has a key; Tenant"),
    notes: {
      COMPANY: list(`
        Invoices by e-mail to accounts only.; Visits on Tuesdays and Thursdays only.; Quote the order number on every invoice.;
        Three sites, contracts signed at head office.; Sign in with security on arrival.;
        Moving to larger premises next year.`),
      PERSONAL: list(`
        Call half an hour before arrival.; Doorbell is broken, please knock.; Came by recommendation.;
        At home after 5 pm only.; Prefers the same technician each time.`),
    },
    accessNotes: list(`
      Key at the front desk.; Deliveries by the rear entrance.; Sign in at the gate.; Badge needed above the second floor.;
      Park on level -1.`),
    assetNames: {
      airConditioning: "Air conditioning",
      ventilation: "Air handling unit",
      chiller: "Chiller",
      passengerLift: `Passenger ${lift}`,
      goodsLift,
      printer: "Multifunction printer",
      generator: "Standby generator",
      checkout: "Checkout terminal",
      cardTerminal: "Card terminal",
      firewall: "Firewall",
      switch: "Network switch",
      accessPoint: "Wi-Fi access point",
      roomAirConditioner: "Room air conditioner",
      waterHeater: "Water heater",
      washingMachine: "Washing machine",
      dishwasher: "Dishwasher",
    },
    assets: {
      HVAC: {
        locations: list("Roof; Plant room; Server room; Open-plan office, floor 2; Hall 1"),
        tasks: list(`
          Annual HVAC service; Replace air filters; Unit leaks water; Leak test of the refrigerant circuit; Fault code on the controller;
          Replace control board`),
      },
      Elevator: {
        locations: list("Main lobby; Building A; Building B; Warehouse"),
        tasks: list(`
          Quarterly ${lift} service; Attend ${lift} safety inspection; Misaligned stop at floor 2; Car door does not close;
          Test the emergency phone in the ${lift}`),
      },
      Printer: {
        locations: list("Accounts; Front desk; Office, floor 1; Dispatch"),
        tasks: list(
          "Replace toner and drum; Frequent paper jams; Connect printer to the network; Replace feed rollers",
        ),
      },
      Generator: {
        locations: list("Basement; Yard; Generator enclosure"),
        tasks: list(`
          Monthly generator test run; Change oil and filters; Check starter battery; Generator does not start;
          Test the transfer switch`),
      },
      "Point of sale": {
        locations: list("Checkout 1; Checkout 2; Counter"),
        tasks: list("Terminal offline; Replace receipt printer; Update checkout software; Swap card reader"),
      },
      Network: {
        locations: list("Wiring closet, floor 1; Wiring closet, floor 3; Server room"),
        tasks: list(
          "Network drops out at times; Replace device; Set up VPN to branch; Check the cabling; Update firmware",
        ),
      },
      "Home appliance": {
        locations: list("Basement; Kitchen; Bathroom; Utility room; Garage"),
        tasks: list("Annual service; Unusual noise; Does not start; Replace old unit; Leaking connection"),
      },
    },
    otherTasks: list(`
      Site survey; Advice on upgrades; Hand over new installation; Train the staff; Quote for an extension;
      Electrical safety check`),
    taskDetails: list(`
      Reported by phone, call before leaving.; Bring spare parts from the store.; Needs a ladder and a second person.;
      Second visit this month, see the previous order.; Out of hours, agreed with facilities.;
      Take photos before and after.`),
    contracts: {
      COMPANY: list(`
        Full-service agreement; Maintenance of the ${lift}s; Call-out around the clock; Managed print; Building services`),
      PERSONAL: list("Home care plan; Appliance cover; Extended warranty"),
    },
  };
}
