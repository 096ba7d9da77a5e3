import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const bash = client("bash");

describe("bash alone", () => {
  bash.test("is echoed over /dev/tcp and /dev/udp", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    // bash's read takes a byte at a time, which cuts a datagram short.
    const reads = { tcp: 'read -r answer <&3; echo "$answer"', udp: "dd bs=2048 count=1 status=none <&3" };
    for (const [transport, read] of Object.entries(reads)) {
      const script = `
        exec 3<>/dev/${transport}/127.0.0.1/${tincan.port("echo")}
        echo "hello from bash" >&3
        ${read}`;
      const { code, stdout } = await run([bash.path, "-c", script]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "HELLO FROM BASH\n" });
      bash.exchanged();
    }
  });

  bash.test("chats over /dev/tcp", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const script = `
      exec 3<>/dev/tcp/127.0.0.1/${tincan.port("line")} 4<>/dev/tcp/127.0.0.1/${tincan.port("line")}
      printf '/nick ann\\n' >&3; until read -r line <&3 && [[ $line == "-- "*ann* ]]; do :; done
      printf '/nick bob\\n' >&4; until read -r line <&4 && [[ $line == "-- "*bob* ]]; do :; done
      printf 'hello\\n' >&3
      until read -r line <&4 && [[ $line == "ann: "* ]]; do :; done
      printf '%s\\n' "$line"`;
    const { code, stdout } = await run([bash.path, "-c", script]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "ann: hello\r\n" });
    bash.exchanged();
  });
});
