/** What curl has moved. */
export interface Moved {
  readonly bytes: number;
  readonly seconds: number;
  /** CPU time of curl itself. */
  readonly clientCpu: number;
}

const MINUTE = 60;
/** One version and one cipher for all, whatever a server would choose. */
export const ONE_CIPHER = [
  ...["--insecure", "--ssl-reqd", "--tls-max", "1.2"],
  ...["--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"],
];

/** Runs curl to its end. Rejects when it is missing or fails, with what it says. */
export async function curl(args: readonly string[], niceness = 0): Promise<Moved> {
  const program = Bun.which("curl");
  if (program === null) throw new Error("the client, curl, is not installed");
  const quiet = ["-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", `${MINUTE}`];
  const written = "%{size_download} %{size_upload} %{time_total}\n";
  const child = Bun.spawn(["nice", "-n", `${niceness}`, program, ...quiet, "-w", written, ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, complained] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(complained.trim().split("\n").at(-1));
  const rows = said.trim().split("\n");
  const moved = rows.map((row) => row.split(" ").map(Number));
  const sum = (of: (row: number[]) => number) => moved.reduce((total, row) => total + of(row), 0);
  return {
    bytes: sum(([down = 0, up = 0]) => down + up),
    seconds: sum(([, , seconds = 0]) => seconds),
    clientCpu: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6,
  };
}
