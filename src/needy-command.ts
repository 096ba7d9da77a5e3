import { type AddHelpTextContext, type AddHelpTextPosition, Command } from "commander";

/** A command that says what it needs, and shows how, where commander would only say that an argument is missing. */
export class NeedyCommand extends Command {
  /** The first example of its help. */
  private example: string | null = null;

  override createCommand(name?: string): Command {
    return new NeedyCommand(name);
  }

  override addHelpText(position: AddHelpTextPosition, text: string | ((context: AddHelpTextContext) => string)): this {
    if (typeof text === "string") this.example ??= /^ {2}(tincan .*?)(?: {3}.*)?$/m.exec(text)?.[1] ?? null;
    return super.addHelpText(position, text as string);
  }

  override error(message: string, o?: Parameters<Command["error"]>[1]): never {
    return super.error(o?.code === "commander.missingArgument" ? this.whatIsNeeded(message) : message, o);
  }

  private whatIsNeeded(message: string): string {
    const missing = this.registeredArguments.find((argument) => message.includes(`'${argument.name()}'`));
    if (missing === undefined) return message;
    const how = this.example === null ? "" : `, as in: ${this.example}`;
    // Who types it mostly wants help, and this command takes it for something else.
    const taken = this.options.find(({ short }) => short === "-h");
    const help = taken && this.getOptionValue(taken.attributeName()) === true ? "; for help: --help" : "";
    return `${this.path()} needs ${missing.name().toUpperCase()} (${missing.description})${how}${help}`;
  }

  /** `user add`: its name behind those of the commands above it, but for the program's. */
  private path(): string {
    const above = this.parent;
    return above instanceof NeedyCommand && above.parent !== null ? `${above.path()} ${this.name()}` : this.name();
  }
}
