import type { Ports } from "../files/share.ts";

/** Who this is, what they may do, what the server offers. */
export interface Me {
  /** The account that is logged in. */
  readonly user: string | null;
  readonly may: { readonly read: boolean; readonly upload: boolean; readonly write: boolean };
  readonly files: boolean;
  /** The folder of the share that its `/` is. */
  readonly home: string;
  /** Who has not logged in may read, too. */
  readonly open: boolean;
  /** The server tells the lobby of files that are added. */
  readonly announce: boolean;
  /** History is kept, and can be searched. */
  readonly search: boolean;
  /** A password may be sent from here. */
  readonly login: boolean;
  /** Where the page is over TLS; null: nowhere. */
  readonly httpsPort: number | null;
  readonly ports: Ports;
  /** Where others find what is under the page's root, if this is the server's own machine; null: it is not. */
  readonly addresses: readonly string[] | null;
}

/** Before the server has said anything. */
export const nobody: Me = {
  user: null,
  may: { read: false, upload: false, write: false },
  files: false,
  home: "/",
  open: true,
  announce: false,
  search: false,
  login: false,
  httpsPort: null,
  ports: {},
  addresses: null,
};

/** What `api/me` answers, as far as the page uses it. */
export interface MeAnswer {
  readonly account: string | null;
  readonly may: readonly string[];
  readonly files: boolean;
  readonly home: string;
  readonly open: boolean;
  readonly announce: boolean;
  readonly history: boolean;
  readonly login: boolean;
  readonly doors: Readonly<Record<string, { readonly port: number | null; readonly tls: number | null }>>;
  readonly commands: number | null;
  readonly addresses: readonly string[] | null;
}

export function readMe(answer: MeAnswer): Me {
  const { account, may, files, home, open, announce, history, login, doors, commands, addresses } = answer;
  const can = (permission: string) => may.includes(permission);
  const ftp = doors["ftp"]?.port ?? null;
  return {
    user: account,
    may: { read: can("read"), upload: can("upload"), write: can("write") },
    files,
    home,
    open,
    announce,
    search: history,
    login,
    httpsPort: doors["http"]?.tls ?? null,
    ports: { ...(ftp !== null && { ftp }), ...(commands !== null && { commands }) },
    addresses,
  };
}
