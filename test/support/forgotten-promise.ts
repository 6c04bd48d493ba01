/** Preloaded into a process, makes it fail at a signal as a forgotten await would. */
process.on("SIGUSR2", () => {
  const error = new Error('duplicate key "0071001234567"');
  void Promise.reject(Object.assign(error, { detail: "secret-detail", parameters: ["secret-parameter"] }));
});
