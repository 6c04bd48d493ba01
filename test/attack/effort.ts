/**
 * How hard to attack: ATTACK=20 sends twenty times as many random values as CI does, ATTACK_SEED chooses others.
 * `ATTACK=20 ATTACK_SEED=$RANDOM npx jest test/attack`
 */
export const attackFactor = (): number => Number(process.env["ATTACK"] ?? 1);
export const attackSeed = (): number => Number(process.env["ATTACK_SEED"] ?? 1);
