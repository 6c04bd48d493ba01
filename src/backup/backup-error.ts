/** A backup could not be made or restored: says why, and what to do. */
export class BackupError extends Error {}
