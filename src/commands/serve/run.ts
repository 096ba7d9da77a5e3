import { doors } from "../../../protocols/index.ts";
import { loadCertificate } from "../../certificate/load.ts";
import { Daemon } from "../../daemon.ts";
import type { Log } from "../../log.ts";
import { othersReach } from "../../net/host.ts";
import { pageAddress, pageForBrowser } from "../../page-address.ts";
import { live, openLog } from "../../process/life.ts";
import { anonymousRights } from "../../rights.ts";
import { makePrivateFolder } from "../../state.ts";
import { errorOf } from "../../thrown.ts";
import { readyJson, readyText } from "./announce.ts";
import { adding, type Sharing } from "./announce-files.ts";
import { openFooter, showBars } from "./bars.ts";
import { openBrowser } from "./browser.ts";
import { qrText } from "./page-qr.ts";
import type { Settings } from "./settings.ts";
import { openXferlog } from "./xferlog.ts";

const NO_PAGE = "there is no page; open the http door on a port";

/** Opens the doors, announces them on stdout and serves until a signal; then drains and ends the process with 0. */
export async function run({ config, dir, share, site, stateFolder, warnings }: Settings): Promise<void> {
  // What was asked for shall not be missing later; the usual folder is made when there is something to put there.
  if (config.stateDir !== null || config.history > 0) makePrivateFolder(stateFolder);
  const certificate = await loadCertificate(config, stateFolder, Date.now());
  const footer = openFooter(config);
  const log = openLog(config, footer ?? undefined);
  for (const { event, fields } of warnings) log.warn(event, fields);
  for (const host of certificate?.unnamed ?? [])
    log.warn("host-not-in-certificate", { host, instead: "remove tls/ of the state folder and another is made" });
  const daemon = new Daemon(config, doors, { log, share, site, stateFolder, tls: certificate?.context ?? null });
  const sharing = dir === undefined ? null : { dir, rights: anonymousRights(config) };
  if (footer !== null) showBars(footer, daemon);
  const xferlog = openXferlog(config, log);
  if (xferlog !== null) daemon.transfers.onEnd((transfer) => xferlog.add(transfer));
  await live({
    log,
    graceMs: config.drainGrace,
    async start() {
      await daemon.start();
      warnOfStrangers(log, daemon, sharing);
    },
    announce() {
      const said = (config.logFormat === "json" ? readyJson : readyText)(daemon.doors, { certificate, sharing });
      return config.qr ? said + announceCode(config, log, daemon) : said;
    },
    announced: () => (config.open ? showPage(log, daemon) : undefined),
    async drain(graceMs) {
      const drained = await daemon.drain(graceMs);
      await xferlog?.close();
      return drained;
    },
    describe(error) {
      const { message, stack } = errorOf(error);
      return { error: message, stack };
    },
  });
}

/** The page's address as a QR code, where people read the announcement. */
function announceCode({ logFormat }: Pick<Settings["config"], "logFormat">, log: Log, { doors }: Daemon): string {
  const page = pageAddress(doors);
  if (logFormat !== "json" && page !== null) return qrText(page);
  log.warn("qr-not-printed", {
    why: page === null ? NO_PAGE : "with --log-format json one line is all there is on stdout",
  });
  return "";
}

function showPage(log: Log, { doors }: Daemon): void {
  const url = pageForBrowser(doors);
  if (url === null) log.warn("browser-not-opened", { why: NO_PAGE });
  else void openBrowser(url, log);
}

/** Tells the log, too, that anybody on the network may change what is shared. */
function warnOfStrangers(log: Log, { doors }: Daemon, sharing: Sharing | null): void {
  const may = sharing === null ? null : adding(sharing.rights);
  const reach = othersReach(doors.flatMap(({ door }) => door.listeners));
  if (may !== null && reach.length > 0) log.warn("strangers-may-write", { may, reach: reach.join(" ") });
}
