import type { Ports } from "../files/share.ts";

/** Who this is, what they may do, what the server offers. */
export interface Me {
  /** The account that is logged in. */
  readonly user: string | null;
  readonly may: { readonly read: boolean; readonly upload: boolean; readonly write: boolean };
  readonly files: boolean;
  /** History is kept, and can be searched. */
  readonly search: boolean;
  /** A password may be sent from here. */
  readonly login: boolean;
  readonly ports: Ports;
}

/** Before the server has said anything. */
export const nobody: Me = {
  user: null,
  may: { read: false, upload: false, write: false },
  files: false,
  search: false,
  login: false,
  ports: {},
};

/** What `api/me` answers, as far as the page uses it. */
export interface MeAnswer {
  readonly account: string | null;
  readonly may: readonly string[];
  readonly files: boolean;
  readonly history: boolean;
  readonly login: boolean;
  readonly doors: Readonly<Record<string, { readonly port: number | null }>>;
}

export function readMe({ account, may, files, history, login, doors }: MeAnswer): Me {
  const can = (permission: string) => may.includes(permission);
  const [ftp, framed] = [doors["ftp"]?.port ?? null, doors["framed"]?.port ?? null];
  return {
    user: account,
    may: { read: can("read"), upload: can("upload"), write: can("write") },
    files,
    search: history,
    login,
    ports: { ...(ftp !== null && { ftp }), ...(framed !== null && { framed }) },
  };
}
