import { list } from "./list";
import { type Wording } from "./wording";

export const dutch: Wording = {
  channels: ["E-mail", "Phone", "WhatsApp", "Post"],
  mailboxes: ["info", "contact", "kantoor", "administratie"],
  paymentTerms: [
    ["Direct te voldoen", 0],
    ["Betaling binnen 14 dagen", 14],
    ["Betaling binnen 30 dagen", 30],
    ["Betaling binnen 60 dagen", 60],
  ],
  jobTitles: list(`
    Directie; Hoofd inkoop; Hoofd techniek; Administratie; Facilitair beheer; Officemanager; Filiaalmanager;
    IT-beheer; Receptie; Magazijnchef`),
  householdTitles: list("Familie; Huismeester; Buren (hebben sleutel); Huurder"),
  notes: {
    COMPANY: list(`
      Facturen alleen per e-mail naar de administratie.; Afspraken alleen op dinsdag en donderdag.;
      Inkoopnummer op elke factuur vermelden.; Drie vestigingen, contracten via het hoofdkantoor.;
      Aanmelden bij de portier.; Verbouwing gepland, daarna komen er installaties bij.`),
    PERSONAL: list(`
      Graag een half uur van tevoren bellen.; Bel is stuk, graag aankloppen.; Gekomen via een bekende.;
      Pas na 17.00 uur thuis.; Heeft graag steeds dezelfde monteur.`),
  },
  accessNotes: list(`
    Sleutel bij de receptie.; Laden en lossen aan de achterzijde.; Aanmelden bij de portier.; Liftsleutel bij de huismeester.;
    Parkeren in de garage, laag -1.`),
  assetNames: {
    airConditioning: "Airconditioning",
    ventilation: "Luchtbehandelingskast",
    chiller: "Koelmachine",
    passengerLift: "Personenlift",
    goodsLift: "Goederenlift",
    printer: "Multifunctionele printer",
    generator: "Noodstroomaggregaat",
    checkout: "Kassasysteem",
    cardTerminal: "Pinautomaat",
    firewall: "Firewall",
    switch: "Netwerkswitch",
    accessPoint: "Wifi-punt",
    roomAirConditioner: "Split-airco",
    waterHeater: "Boiler",
    washingMachine: "Wasmachine",
    dishwasher: "Vaatwasser",
  },
  assets: {
    HVAC: {
      locations: list("Dak; Technische ruimte; Serverruimte; Kantoor 2e verdieping; Hal 1"),
      tasks: list(`
        Jaarlijks onderhoud airco; Filters vervangen; Airco lekt water; Lekdichtheidscontrole koelcircuit;
        Storingscode op de regelaar; Printplaat vervangen`),
    },
    Elevator: {
      locations: list("Hoofdingang; Gebouw A; Gebouw B; Magazijn"),
      tasks: list(`
        Kwartaalonderhoud lift; Liftkeuring begeleiden; Lift stopt niet gelijk met de vloer; Liftdeur sluit niet;
        Spreekluisterverbinding controleren`),
    },
    Printer: {
      locations: list("Administratie; Receptie; Kantoor 1e verdieping; Expeditie"),
      tasks: list(
        "Toner en drum vervangen; Papier loopt steeds vast; Printer in het netwerk zetten; Invoerrollen vervangen",
      ),
    },
    Generator: {
      locations: list("Kelder; Buitenterrein; Binnenplaats"),
      tasks: list(`
        Maandelijkse proefdraai noodstroom; Olie en filters vervangen; Startaccu controleren; Aggregaat start niet;
        Omschakeling testen`),
    },
    "Point of sale": {
      locations: list("Kassa 1; Kassa 2; Balie"),
      tasks: list("Kassa zonder verbinding; Bonprinter vervangen; Kassasoftware bijwerken; Kaartlezer omruilen"),
    },
    Network: {
      locations: list("Meterkast begane grond; Patchkast 2e verdieping; Serverruimte"),
      tasks: list(
        "Netwerk valt soms weg; Apparaat vervangen; VPN naar vestiging instellen; Bekabeling nalopen; Firmware bijwerken",
      ),
    },
    "Home appliance": {
      locations: list("Zolder; Keuken; Badkamer; Bijkeuken; Garage"),
      tasks: list(
        "Jaarlijks onderhoud; Vreemde geluiden; Toestel start niet; Oud toestel vervangen; Lekkage bij aansluiting",
      ),
    },
  },
  otherTasks: list(`
    Inmeten op locatie; Advies over verduurzaming; Oplevering installatie; Personeel instrueren;
    Offerte voor uitbreiding; Keuring elektrische installatie`),
  taskDetails: list(`
    Telefonisch gemeld, graag bellen voor vertrek.; Onderdelen uit het magazijn meenemen.; Ladder en tweede monteur nodig.;
    Tweede bezoek deze maand, zie vorige opdracht.; Buiten kantooruren, afgestemd met de beheerder.;
    Foto's maken voor en na het werk.`),
  contracts: {
    COMPANY: list(`
      All-in onderhoudscontract; Onderhoudscontract lift; Storingsdienst 24/7; Huurcontract printers;
      Servicecontract installaties`),
    PERSONAL: list("Onderhoudscontract airco; Servicepakket woning; Verlengde garantie"),
  },
};
