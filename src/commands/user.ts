import type { Command } from "commander";
import { STATE_DIR } from "./operator/state-dir.ts";

const EXAMPLES = `
What everybody may do, an account may do too; --allow adds to it: read, upload,
write, admin. The password is asked for, or read as one line from stdin. A
daemon that runs takes changes over at once.

Examples:
  tincan user add ann --allow upload,write --home ann
  tincan user list
  tincan user set ann --allow upload      this and nothing else
  tincan user passwd ann                  another password
  tincan user remove ann                  its files stay
`;

const ALLOW = "what it may do beside what everybody may: read, upload, write, admin";
const HOME = "the folder of the share that is all it sees; / is the whole share";

/** Flags of every subcommand, and of some. */
interface Flags {
  readonly stateDir?: string;
  readonly allow?: string;
  readonly home?: string;
  readonly json?: boolean;
}

/** `tincan user add|list|set|passwd|remove`: the accounts of a state folder. */
export function register(program: Command): void {
  const user = program
    .command("user")
    .summary("make, list, change and remove accounts")
    .description("Make, list, change and remove the accounts of this machine's daemon.")
    .helpCommand("help [COMMAND]", "show the help of a command")
    .addHelpText("after", EXAMPLES);

  subcommand(user, "add", "make an account; its password is asked for, or read as one line from stdin")
    .argument("<NAME>", "letters of any script, digits, _ . and -")
    .option("--allow <LIST>", ALLOW)
    .option("--home <DIR>", HOME)
    .addHelpText(
      "after",
      `
The password is asked for twice, or is one line of stdin; 8 characters at least.
The home folder is made when an account first comes that may upload; for others
make it in the share yourself.

Examples:
  tincan user add ann                                  may do what everybody may
  tincan user add ann --allow upload,write --home ann  sees the folder ann alone
  tincan user add backup --allow upload < password.txt
`,
    )
    .action(async (name: string, flags: Flags) => {
      const { addUser } = await import("./user/change.ts");
      await addUser(name, await told(flags));
    });

  subcommand(user, "list", "list the accounts and what they may do")
    .option("--json", "print a line of JSON for each")
    .addHelpText("after", "\nExamples:\n  tincan user list\n  tincan user list --json | jq -r .name\n")
    .action(async (flags: Flags) => {
      const { listUsers } = await import("./user/list.ts");
      await listUsers({ ...(await told(flags)), json: flags.json ?? false });
    });

  subcommand(user, "set", "change what an account may do, or its home")
    .argument("<NAME>", "of the account")
    .option("--allow <LIST>", `${ALLOW}; "" takes all away`)
    .option("--home <DIR>", HOME)
    .addHelpText(
      "after",
      '\nExamples:\n  tincan user set ann --allow upload --home /\n  tincan user set ann --allow ""\n',
    )
    .action(async (name: string, flags: Flags) => {
      const { setUser } = await import("./user/change.ts");
      await setUser(name, await told(flags));
    });

  subcommand(user, "passwd", "give an account another password, asked for or read as one line from stdin")
    .argument("<NAME>", "of the account")
    .addHelpText("after", "\nExamples:\n  tincan user passwd ann\n  tincan user passwd ann < password.txt\n")
    .action(async (name: string, flags: Flags) => {
      const { changePassword } = await import("./user/change.ts");
      await changePassword(name, await told(flags));
    });

  subcommand(user, "remove", "remove an account; its files stay")
    .argument("<NAME>", "of the account")
    .addHelpText("after", "\nExamples:\n  tincan user remove ann\n")
    .action(async (name: string, flags: Flags) => {
      const { removeUser } = await import("./user/change.ts");
      await removeUser(name, await told(flags));
    });
}

function subcommand(user: Command, name: string, summary: string): Command {
  return user
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .option(...STATE_DIR);
}

async function told({ stateDir, allow, home }: Flags) {
  const { toldStateFolder } = await import("../state.ts");
  return { folder: toldStateFolder(stateDir), allow, home };
}
