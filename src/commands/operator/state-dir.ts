/** Which daemon a command is about: an option of all that speak to one of this machine, or change its accounts and bans. */
export const STATE_DIR = ["--state-dir <DIR>", "the state folder of the daemon ($XDG_STATE_HOME/tincan)"] as const;
