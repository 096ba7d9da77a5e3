/** `maxFrame` as it is written on the command line (behind `--`) and in the configuration file: `max-frame`. */
export function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const ENVIRONMENT_PREFIX = "TINCAN_";

/** `maxFrame` as it is written in the environment: `TINCAN_MAX_FRAME`. */
export function environmentName(key: string): string {
  return `${ENVIRONMENT_PREFIX}${dashed(key).replaceAll("-", "_").toUpperCase()}`;
}
