import { list } from "./list";
import { type Wording } from "./wording";

export const german: Wording = {
  channels: ["E-mail", "Phone", "WhatsApp", "Post"],
  mailboxes: ["info", "kontakt", "buero", "buchhaltung"],
  paymentTerms: [
    ["Zahlbar sofort ohne Abzug", 0],
    ["14 Tage netto", 14],
    ["30 Tage netto", 30],
    ["10 Tage 2 % Skonto, 30 Tage netto", 30],
  ],
  jobTitles: list(`
    Geschäftsführung; Leitung Einkauf; Technische Leitung; Buchhaltung; Haustechnik; Assistenz der Geschäftsführung;
    IT-Leitung; Filialleitung; Empfang; Objektleitung`),
  householdTitles: list("Familie; Hausmeisterdienst; Nachbarschaft (hat Schlüssel); Mietpartei"),
  notes: {
    COMPANY: list(`
      Rechnungen bitte nur per E-Mail an die Buchhaltung.; Termine nur dienstags und donnerstags.;
      Bestellnummer auf jeder Rechnung angeben.; Drei Standorte, Verträge über die Zentrale.;
      Anmeldung beim Werkschutz nötig.; Rahmenvertrag wird jedes Jahr im Herbst neu verhandelt.`),
    PERSONAL: list(`
      Bitte 30 Minuten vorher anrufen.; Klingel defekt, bitte klopfen.; Auf Empfehlung gekommen.;
      Erst ab 17 Uhr zu Hause.; Möchte möglichst immer dieselbe Person vor Ort.`),
  },
  accessNotes: list(`
    Schlüssel liegt am Empfang.; Zufahrt nur über den Hof.; Anmeldung an der Pforte.; Aufzugschlüssel beim Hausmeister.;
    Parken in der Tiefgarage, Ebene -1.`),
  assetNames: {
    airConditioning: "Klimaanlage",
    ventilation: "Lüftungsanlage",
    chiller: "Kaltwassersatz",
    passengerLift: "Personenaufzug",
    goodsLift: "Lastenaufzug",
    printer: "Multifunktionsdrucker",
    generator: "Notstromaggregat",
    checkout: "Kassensystem",
    cardTerminal: "Kartenterminal",
    firewall: "Firewall",
    switch: "Etagen-Switch",
    accessPoint: "WLAN-Zugangspunkt",
    roomAirConditioner: "Split-Klimagerät",
    waterHeater: "Warmwasserbereiter",
    washingMachine: "Waschmaschine",
    dishwasher: "Geschirrspüler",
  },
  assets: {
    HVAC: {
      locations: list("Dach; Technikraum; Serverraum; Großraumbüro 2. OG; Halle 1"),
      tasks: list(`
        Jährliche Wartung der Klimaanlage; Filterwechsel Lüftung; Klimagerät verliert Wasser; Dichtheitsprüfung Kältekreis;
        Störmeldung am Regler; Steuerplatine tauschen`),
    },
    Elevator: {
      locations: list("Haupteingang; Gebäude A; Gebäude B; Lager"),
      tasks: list(`
        Aufzugswartung im Quartal; Hauptprüfung Aufzug begleiten; Aufzug hält nicht bündig; Kabinentür schließt nicht;
        Notruf im Aufzug prüfen`),
    },
    Printer: {
      locations: list("Buchhaltung; Empfang; Büro 1. OG; Versand"),
      tasks: list(
        "Toner und Trommel wechseln; Häufiger Papierstau; Drucker ins Netz einbinden; Einzugsrollen erneuern",
      ),
    },
    Generator: {
      locations: list("Technikraum UG; Außengelände; Hof"),
      tasks: list(`
        Monatlicher Probelauf Notstrom; Öl und Filter wechseln; Starterbatterie prüfen; Aggregat startet nicht;
        Umschaltung prüfen`),
    },
    "Point of sale": {
      locations: list("Kasse 1; Kasse 2; Theke"),
      tasks: list("Kasse ohne Verbindung; Bondrucker tauschen; TSE der Kasse erneuern; Kartenleser tauschen"),
    },
    Network: {
      locations: list("Verteiler EG; Verteiler 2. OG; Serverraum"),
      tasks: list(
        "Netz bricht zeitweise ab; Gerät austauschen; VPN zur Filiale einrichten; Verkabelung prüfen; Firmware aktualisieren",
      ),
    },
    "Home appliance": {
      locations: list("Keller; Küche; Bad; Hauswirtschaftsraum; Garage"),
      tasks: list(
        "Jährliche Wartung; Ungewöhnliche Geräusche; Gerät startet nicht; Altgerät tauschen; Leck am Anschluss",
      ),
    },
  },
  otherTasks: list(`
    Aufmaß vor Ort; Beratung zur Modernisierung; Abnahme der Anlage; Einweisung des Personals;
    Angebot für Erweiterung erstellen; E-Check der Elektroanlage`),
  taskDetails: list(`
    Telefonisch gemeldet, bitte vor der Anfahrt anrufen.; Ersatzteile aus dem Lager mitnehmen.; Leiter und zweite Person nötig.;
    Zweiter Einsatz in diesem Monat, siehe letzter Auftrag.; Außerhalb der Geschäftszeiten, mit der Haustechnik abgestimmt.;
    Fotos vorher und nachher machen.`),
  contracts: {
    COMPANY: list(`
      Vollwartungsvertrag; Wartungsvertrag Aufzug; Störungsdienst rund um die Uhr; Mietvertrag Drucksysteme;
      Servicevertrag Gebäudetechnik`),
    PERSONAL: list("Wartungsvertrag Klimagerät; Haus-Servicepaket; Garantieverlängerung"),
  },
};
