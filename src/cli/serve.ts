import { type Command } from "commander";
import { readConfig } from "../config";
import { serve } from "../serve";

/** `clientele serve` */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("start the gateway; with NODE_ENV=production without demo data, explorer and introspection")
    .action(() => serve(readConfig()));
}
