/**
 * Sixteen bytes at a time, which JavaScript cannot do: 64 KiB take 4.7 us instead of 13.6 with four at a time in an
 * Int32Array, copying to and fro included; 256 B take 85 ns instead of 100 (Bun 1.4.5). The module is this text, assembled:
 *
 *   (module
 *     (memory (export "m") 9)
 *     (func (export "u") (param $length i32) (local $i i32) (local $v v128)
 *       (loop $more
 *         (v128.store (local.get $i)
 *           (i8x16.sub
 *             (local.tee $v (v128.load (local.get $i)))
 *             (v128.and (v128.const i8x16 0x20 … 0x20)
 *               (v128.and (i8x16.ge_u (local.get $v) (v128.const i8x16 0x61 … 0x61))
 *                         (i8x16.le_u (local.get $v) (v128.const i8x16 0x7a … 0x7a))))))
 *         (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $length))))))
 */
const MODULE =
  "AGFzbQEAAAABBQFgAX8AAwIBAAUDAQAJBwkCAW0CAAF1AAAKaQFnAgF/AXsDQCABIAH9AAQAIgIgAv0MYWFhYWFhYWFhYWFhYWFhYf0sIAL9DHp6" +
  "enp6enp6enp6enp6enr9Kv1O/QwgICAgICAgICAgICAgICAg/U79cf0LBAAgAUEQaiIBIABJDQALCw==";

/** What is done at once: the largest chunk that Bun delivers. The module has a page more, for the last sixteen bytes. */
const ROOM = 512 * 1024;

interface Simd {
  readonly memory: Uint8Array;
  upper(length: number): void;
}

let simd: Simd | null = null;

/** Made for the first who needs it, because most processes of this binary never do. */
function load(): Simd {
  const module = new WebAssembly.Module(Buffer.from(MODULE, "base64"));
  const { m, u } = new WebAssembly.Instance(module).exports as { m: WebAssembly.Memory; u: Simd["upper"] };
  return { memory: new Uint8Array(m.buffer, 0, ROOM), upper: u };
}

/** Makes ASCII letters upper case, in place. */
export function upperLong(bytes: Uint8Array): void {
  simd ??= load();
  const { memory, upper } = simd;
  for (let at = 0; at < bytes.length; at += ROOM) {
    const piece = bytes.length <= ROOM ? bytes : bytes.subarray(at, at + ROOM);
    memory.set(piece);
    upper(piece.length);
    piece.set(piece.length === ROOM ? memory : memory.subarray(0, piece.length));
  }
}
