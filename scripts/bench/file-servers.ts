import { join } from "node:path";
import type { Launch, Site } from "./server.ts";

/**
 * FTP of the large file's folder; the same over TLS; FTP of the folder in memory, to which anybody may write; the same three
 * by HTTP; frames; the large file as it is; FTP on the other port and an echo on the first.
 */
export type FileService = "ftp" | "ftps" | "inbox" | "http" | "https" | "http-inbox" | "files" | "raw" | "ftp-and-echo";

type Starts<T extends string> = Readonly<Record<T, (program: string, site: Site, flags: readonly string[]) => Launch>>;

const TLS = join(import.meta.dir, "../../test/support/tls");
const CERT = join(TLS, "localhost.crt");
const KEY = join(TLS, "localhost.key");
const PY = join(import.meta.dir, "peers", "ftp-pyftpdlib.py");

/** One door alone, with everything else as it is by default. */
export function tincan(
  program: string,
  { port, folder }: Site,
  door: string,
  flags: readonly string[],
  share: readonly string[] = [],
): Launch {
  const where = ["--doors", door, `--${door}-port`, `${port}`, "--state-dir", join(folder, "state")];
  return { command: [program, "serve", ...share, ...where, "--log-format", "json", ...flags] };
}

const ANY_PORTS = ["--passive-ports", "20000-29999"];

export const tincanFiles: Starts<Exclude<FileService, "raw">> = {
  ftp: (program, site, flags) => tincan(program, site, "ftp", [...ANY_PORTS, ...flags], [site.share.root]),
  ftps: (program, site, flags) => {
    const tls = ["--ftps-port", "off", "--tls-cert", CERT, "--tls-key", KEY];
    return tincan(program, site, "ftp", [...ANY_PORTS, ...tls, ...flags], [site.share.root]);
  },
  inbox: (program, site, flags) =>
    tincan(program, site, "ftp", [...ANY_PORTS, "--allow-upload", ...flags], [site.share.memory]),
  http: (program, site, flags) => tincan(program, site, "http", flags, [site.share.root]),
  https: (program, site, flags) => {
    const tls = ["--http-port", "off", "--https-port", `${site.port}`, "--tls-cert", CERT, "--tls-key", KEY];
    return tincan(program, site, "http", [...tls, ...flags], [site.share.root]);
  },
  "http-inbox": (program, site, flags) =>
    tincan(program, site, "http", ["--allow-upload", ...flags], [site.share.memory]),
  files: (program, site, flags) => tincan(program, site, "framed", flags, [site.share.root]),
  "ftp-and-echo": (program, site, flags) => {
    const ports = ["--echo-port", `${site.port}`, "--ftp-port", `${site.other}`];
    return tincan(program, site, "echo", [...ports, ...ANY_PORTS, ...flags, "--doors", "echo,ftp"], [site.share.root]);
  },
};

/**
 * The sandbox is off because it kills sessions on newer kernels; a root may be a folder that may be written to; and limits
 * that would stop a load are off.
 */
const VSFTPD = `background=NO
listen=YES
listen_address=127.0.0.1
listen_port=PORT
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_umask=022
anon_root=ROOT
allow_writeable_chroot=YES
secure_chroot_dir=FOLDER
seccomp_sandbox=NO
xferlog_enable=NO
max_per_ip=0
max_clients=0
pasv_address=127.0.0.1
`;

const VSFTPD_TLS = `ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
require_ssl_reuse=NO
ssl_ciphers=HIGH
rsa_cert_file=${CERT}
rsa_private_key_file=${KEY}
`;

export const vsftpdFiles: Starts<"ftp" | "ftps" | "inbox"> = {
  ftp: (program, site) => vsftpd(program, site, site.share.root),
  ftps: (program, site) => vsftpd(program, site, site.share.root, VSFTPD_TLS),
  inbox: (program, site) => vsftpd(program, site, site.share.memory),
};

function vsftpd(program: string, { port, folder }: Site, root: string, more = ""): Launch {
  const settings = VSFTPD.replace("PORT", `${port}`).replace("ROOT", root).replace("FOLDER", folder) + more;
  return { command: [program, join(folder, "vsftpd.conf")], files: { "vsftpd.conf": settings } };
}

/** As Debian ships it, in one process, because only that is measured; without a log and limits that would stop a load. */
const NGINX = `daemon off;
master_process off;
pid FOLDER/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path SHARE/upload;
  server {
    listen 127.0.0.1:PORTMORE;
    location /files/ {
      alias SHARE/;
      dav_methods PUT;
    }
  }
}
`;

const NGINX_TLS = ` ssl;
    ssl_certificate ${CERT};
    ssl_certificate_key ${KEY}`;

export const nginxFiles: Starts<"http" | "https" | "http-inbox"> = {
  http: (program, site) => nginx(program, site, site.share.root),
  https: (program, site) => nginx(program, site, site.share.root, NGINX_TLS),
  "http-inbox": (program, site) => nginx(program, site, site.share.memory),
};

function nginx(program: string, { port, folder }: Site, share: string, more = ""): Launch {
  const settings = NGINX.replace("PORTMORE", `${port}${more}`).replaceAll("SHARE", share).replace("FOLDER", folder);
  const command = [program, "-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")];
  return { command, files: { "nginx.conf": settings } };
}

export const pyftpdlibFiles: Starts<"ftp" | "inbox"> = {
  ftp: (program, { port, share }) => ({ command: [program, PY, `${port}`, share.root] }),
  inbox: (program, { port, share }) => ({ command: [program, PY, `${port}`, share.memory] }),
};
