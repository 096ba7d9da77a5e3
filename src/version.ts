import { version } from "../package.json";

export const VERSION: string = version;

/** How the server names itself to its peers. */
export const SERVER = `tincan/${VERSION}`;
