// Here the declarations come from their source; in a folder of your own: tincan types > tincan.d.ts
export type * from "../src/net/peer.ts";
