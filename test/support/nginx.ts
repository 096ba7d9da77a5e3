import { writeFileSync } from "node:fs";
import { until } from "./deadline.ts";
import { freePorts, isListenedOn } from "./ports.ts";
import { Program } from "./program.ts";
import { TempFolder } from "./temp.ts";

/** A real nginx of one process, with its temporary files in a folder of its own. */
export class Nginx implements AsyncDisposable {
  private constructor(
    private readonly program: Program,
    private readonly folder: TempFolder,
    readonly port: number,
  ) {}

  /** @param http what stands in its `http` block, for the port that it is given */
  static async start(path: string, http: (port: number) => string): Promise<Nginx> {
    const folder = new TempFolder();
    const [port = 0] = freePorts(1);
    writeFileSync(folder.file("nginx.conf"), configuration(folder.path, http(port)));
    const program = new Program([path, "-e", "stderr", "-p", folder.path, "-c", folder.file("nginx.conf")]);
    const nginx = new Nginx(program, folder, port);
    try {
      await until(
        () => isListenedOn(port),
        () => `nginx to listen; it said ${program.stderr.unread}`,
      );
      return nginx;
    } catch (error) {
      await nginx[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

function configuration(folder: string, http: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const places = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
  const own = `daemon off;\nmaster_process off;\npid ${folder}/pid;\nevents {}\n`;
  return `${own}http {\naccess_log off;\n${places}\n${http}\n}\n`;
}
